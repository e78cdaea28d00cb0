app.conf.beat_schedule = {
    "sync-tenants": {
        "task": "tenants.sync_all",
        "schedule": crontab(minute=0),
    },
    "expire-subscriptions": {
        "task": "billing.expire_all",
        "schedule": crontab(minute=0, hour=0),
    },
    "rebuild-reports": {
        "task": "reports.rebuild_all",
        "schedule": crontab(minute=0, hour=0),
    },
    "purge-caches": {
        "task": "cache.purge_all",
        "schedule": crontab(minute=0, hour=0),
    },
}


@app.task
def sync_all():
    for tenant in Tenant.objects.all():
        sync_tenant.delay(tenant.id)
