async def poll_job(job_id):
    while True:
        response = requests.get(f"{JOBS_URL}/{job_id}", timeout=10)
        response.raise_for_status()
        status = response.json()["status"]
        if status in ("done", "failed"):
            await events.publish("job.finished", job_id, status)
            return status
        time.sleep(2)
