@app.before_request
def log_request():
    logger.info(
        "request %s %s headers=%s body=%s",
        request.method,
        request.path,
        dict(request.headers),
        request.get_json(),
    )
