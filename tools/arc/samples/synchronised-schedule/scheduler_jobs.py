scheduler = BlockingScheduler()
scheduler.add_job(upload_telemetry, "cron", minute=0)
scheduler.add_job(fetch_configuration, "cron", minute=0)
scheduler.add_job(rotate_reports, "cron", hour=0, minute=0)
scheduler.start()


def seconds_to_next_hour():
    now = datetime.now(timezone.utc)
    return 3600 - now.minute * 60 - now.second


def agent_loop(client):
    while True:
        time.sleep(seconds_to_next_hour())
        client.upload_telemetry()
