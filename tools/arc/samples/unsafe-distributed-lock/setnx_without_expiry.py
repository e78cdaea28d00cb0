def with_lock(client, name, work):
    key = f"lock:{name}"
    while not client.setnx(key, socket.gethostname()):
        time.sleep(0.5)
    try:
        return work()
    finally:
        client.delete(key)
