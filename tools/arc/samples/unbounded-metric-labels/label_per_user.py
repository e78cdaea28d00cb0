REQUESTS = Counter(
    "http_requests_total",
    "HTTP requests",
    ["method", "path", "user", "session"],
)
LATENCY = Histogram("request_seconds", "Latency", ["path", "request_id"])


@app.after_request
def record(response):
    REQUESTS.labels(
        request.method, request.full_path, current_user.id, session.sid
    ).inc()
    LATENCY.labels(
        request.full_path, request.headers.get("X-Request-Id")
    ).observe(elapsed())
    return response
