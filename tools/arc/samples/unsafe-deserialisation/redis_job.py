def work(connection):
    while True:
        _, raw = connection.brpop("jobs")
        job = pickle.loads(raw)
        result = job.run()
        connection.set(f"result:{job.id}", pickle.dumps(result), ex=3600)
