lock = asyncio.Lock()
sessions = {}


async def open_session(user_id):
    async with lock:
        if user_id in sessions:
            return sessions[user_id]
        async with httpx.AsyncClient() as client:
            profile = await client.get(f"{PROFILE_URL}/{user_id}")
            grants = await client.get(f"{GRANTS_URL}/{user_id}")
        sessions[user_id] = Session(profile.json(), grants.json())
        return sessions[user_id]
