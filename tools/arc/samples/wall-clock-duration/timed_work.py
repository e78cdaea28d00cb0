@contextmanager
def timed(name):
    started = datetime.now()
    yield
    metrics.histogram(name, (datetime.now() - started).total_seconds())
