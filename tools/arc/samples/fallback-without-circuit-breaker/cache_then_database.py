def get_settings(tenant_id):
    try:
        cached = cache.get(f"settings:{tenant_id}")
        if cached is not None:
            return json.loads(cached)
    except redis.ConnectionError:
        logger.exception("cache is down, reading the database")
    settings = Settings.objects.get(tenant_id=tenant_id)
    try:
        cache.set(
            f"settings:{tenant_id}", json.dumps(settings.as_dict()), ex=300
        )
    except redis.ConnectionError:
        logger.exception("cache is down, not storing")
    return settings.as_dict()
