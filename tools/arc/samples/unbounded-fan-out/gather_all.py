async def refresh_prices(symbols):
    async with httpx.AsyncClient(timeout=10) as client:
        responses = await asyncio.gather(
            *[client.get(f"{QUOTES_URL}/{symbol}") for symbol in symbols]
        )
    return {
        symbol: response.json()["price"]
        for symbol, response in zip(symbols, responses)
    }
