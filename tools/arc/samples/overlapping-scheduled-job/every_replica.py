def run_scheduler():
    schedule.every().day.at("03:00").do(charge_due_subscriptions)
    schedule.every(5).minutes.do(
        lambda: threading.Thread(target=import_files).start()
    )
    while True:
        schedule.run_pending()
        time.sleep(1)


def charge_due_subscriptions():
    for subscription in Subscription.objects.filter(due_on=date.today()):
        billing.charge(subscription)
        subscription.due_on = next_due(subscription)
        subscription.save()


threading.Thread(target=run_scheduler, daemon=True).start()
