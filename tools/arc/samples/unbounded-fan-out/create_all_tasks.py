async def resize_all(keys):
    tasks = [asyncio.create_task(resize(key)) for key in keys]
    results = await asyncio.gather(*tasks)
    await index.store(dict(zip(keys, results)))
