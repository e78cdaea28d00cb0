@router.post("/orders")
async def create_order(order: OrderIn):
    saved = await orders.insert(order)
    asyncio.create_task(send_confirmation(saved))
    asyncio.create_task(update_search_index(saved))
    return {"id": saved.id}


async def update_search_index(order):
    document = await build_document(order)
    await search.index("orders", order.id, document)
