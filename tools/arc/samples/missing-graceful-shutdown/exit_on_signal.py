def handle_sigterm(signum, frame):
    logger.info("received signal %d, exiting", signum)
    sys.exit(0)


signal.signal(signal.SIGTERM, handle_sigterm)
signal.signal(signal.SIGINT, handle_sigterm)

while True:
    job = broker.reserve(timeout=5)
    if job is not None:
        process(job)
        broker.delete(job)
