@app.task
def close_month(month):
    key = f"close:{month}"
    if not cache.add(key, "locked", timeout=60):
        return
    try:
        for account in Account.objects.iterator():
            account.close_month(month)
    finally:
        cache.delete(key)
