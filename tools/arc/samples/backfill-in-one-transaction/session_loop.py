def backfill(session):
    for payment in session.query(Payment).filter(Payment.currency.is_(None)):
        payment.currency = payment.account.currency
    session.commit()
