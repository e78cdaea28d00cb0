def settle(account, payments):
    balance = float(account.balance)
    for payment in payments:
        balance -= float(payment.amount)
        account.fees += float(payment.amount) * 0.029 + 0.30
    if balance == 0.0:
        account.state = "settled"
    account.balance = balance
    account.save()
