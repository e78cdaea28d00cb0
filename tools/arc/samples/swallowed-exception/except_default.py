def get_balance(account_id):
    try:
        response = ledger.get(f"/accounts/{account_id}/balance", timeout=3)
        return Decimal(response.json()["balance"])
    except Exception:
        return Decimal(0)
