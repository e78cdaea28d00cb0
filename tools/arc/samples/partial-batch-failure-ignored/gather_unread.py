async def push_notifications(devices, payload):
    await asyncio.gather(
        *(push.send(device.token, payload) for device in devices),
        return_exceptions=True
    )
    await database.execute(
        "UPDATE campaigns SET state = 'sent', sent = :count WHERE id = :id",
        {"count": len(devices), "id": payload["campaign"]},
    )
