@app.on_event("startup")
async def start_jobs():
    scheduler = AsyncIOScheduler()
    scheduler.add_job(
        import_files,
        "interval",
        minutes=5,
        max_instances=10,
        coalesce=False,
        misfire_grace_time=None,
    )
    scheduler.add_job(
        collect_open_invoices, "interval", seconds=30, max_instances=5
    )
    scheduler.start()
