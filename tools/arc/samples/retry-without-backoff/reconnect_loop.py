def wait_for_database(dsn):
    connection = None
    while connection is None:
        try:
            connection = psycopg.connect(dsn, connect_timeout=5)
        except psycopg.OperationalError:
            logger.info("database is not ready")
    return connection
