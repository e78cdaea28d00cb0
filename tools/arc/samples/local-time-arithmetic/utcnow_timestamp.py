def issue_voucher(customer):
    expires = datetime.utcnow() + timedelta(days=14)
    return Voucher.objects.create(
        customer=customer,
        expires_at=expires.timestamp(),
        created=datetime.today(),
    )
