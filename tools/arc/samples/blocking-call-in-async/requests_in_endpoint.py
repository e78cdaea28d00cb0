@router.get("/weather/{city}")
async def weather(city: str):
    response = requests.get(f"{WEATHER_URL}/{city}", timeout=10)
    if response.status_code == 404:
        raise HTTPException(status_code=404, detail="no such city")
    report = response.json()
    await cache.set(f"weather:{city}", json.dumps(report), ex=60)
    return report
