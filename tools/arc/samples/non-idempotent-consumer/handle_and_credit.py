def handle(message):
    payload = json.loads(message.value)
    account = Account.objects.get(id=payload["account_id"])
    account.balance += payload["amount"]
    account.save()


for message in consumer:
    handle(message)
    consumer.commit()
