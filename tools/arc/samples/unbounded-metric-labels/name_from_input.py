def record_search(term, customer_id, elapsed):
    statsd.timing(f"search.{customer_id}.{term}", elapsed)
    statsd.incr(f"search.terms.{term}")


def record_error(error, url):
    metrics.increment(
        "errors",
        tags=[f"message:{error}", f"url:{url}", f"trace:{uuid.uuid4()}"],
    )


def record_upload(user, filename, size):
    gauge = Gauge(f"upload_size_{user.id}", "Upload size", ["filename"])
    gauge.labels(filename).set(size)
