async def fetch_avatar(profile):
    async with httpx.AsyncClient(follow_redirects=True) as client:
        response = await client.get(profile["avatar_url"])
    await storage.put(f"avatars/{profile['id']}", response.content)
