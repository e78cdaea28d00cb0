def poll(connection):
    while True:
        try:
            message = connection.receive_nowait()
            logger.info("received %s", message)
            if message is None:
                logger.info("queue is empty")
                continue
            handle(message)
        except Exception:
            logger.exception("poll failed")
            traceback.print_stack()
