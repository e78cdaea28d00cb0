def get_leaderboard(season):
    key = f"leaderboard:{season}"
    cached = cache.get(key)
    if cached is not None:
        return json.loads(cached)
    leaderboard = compute_leaderboard(season)
    cache.set(key, json.dumps(leaderboard), ex=60)
    return leaderboard
