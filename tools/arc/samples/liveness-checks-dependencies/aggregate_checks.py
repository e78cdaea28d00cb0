@router.get("/live")
async def live(response: Response):
    results = {}
    for name, check in {
        "database": ping_database,
        "cache": ping_cache,
        "broker": ping_broker,
    }.items():
        try:
            await asyncio.wait_for(check(), timeout=1.0)
            results[name] = "ok"
        except Exception as error:
            results[name] = str(error)
    if any(result != "ok" for result in results.values()):
        response.status_code = 503
    return results
