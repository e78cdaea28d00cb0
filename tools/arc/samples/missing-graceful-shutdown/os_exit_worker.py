def run_worker(pool, source):
    signal.signal(signal.SIGTERM, lambda signum, frame: os._exit(0))
    while True:
        batch = source.poll(max_records=100)
        futures = [pool.submit(process_record, record) for record in batch]
        for future in futures:
            future.result()
        source.commit()
