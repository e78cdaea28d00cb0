def transfer(source, target, amount):
    with source.lock:
        with target.lock:
            if source.balance < amount:
                raise InsufficientFunds(source.id)
            source.balance -= amount
            target.balance += amount
