events = queue.Queue()


def worker():
    while True:
        event = events.get()
        try:
            deliver(event)
        finally:
            events.task_done()


def start(workers=4):
    for _ in range(workers):
        threading.Thread(target=worker, daemon=True).start()


@app.post("/events")
def accept():
    events.put(request.get_json())
    return {"accepted": True}, 202
