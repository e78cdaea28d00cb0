def is_blocked(user_id):
    try:
        entry = blocklist.lookup(user_id, timeout=1)
        return entry.blocked and entry.expires > utc_now()
    except Exception:
        return False
