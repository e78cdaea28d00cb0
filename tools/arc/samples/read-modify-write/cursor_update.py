def withdraw(connection, account_id, amount):
    cursor = connection.cursor()
    cursor.execute("SELECT balance FROM accounts WHERE id = %s", (account_id,))
    balance = cursor.fetchone()[0]
    if balance < amount:
        raise ValueError("insufficient funds")
    cursor.execute(
        "UPDATE accounts SET balance = %s WHERE id = %s",
        (balance - amount, account_id),
    )
    connection.commit()
