def handle_purchase(message):
    event = json.loads(message.body)
    account = Account.objects.get(id=event["account_id"])
    Account.objects.filter(id=account.id).update(
        points=F("points") + event["points"]
    )
    PointsEntry.objects.create(account=account, points=event["points"])
    send_mail("Points added", render_points(event), SENDER, [account.email])
    message.delete()


for message in queue.receive_messages(WaitTimeSeconds=20):
    handle_purchase(message)
