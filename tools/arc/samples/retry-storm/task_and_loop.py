@app.task(
    bind=True, autoretry_for=(Exception,), retry_backoff=True, max_retries=8
)
def sync_account(self, account_id):
    for attempt in range(5):
        try:
            account = crm.get_account(account_id, retries=3)
            break
        except CrmUnavailable:
            time.sleep(2**attempt)
    else:
        raise CrmUnavailable(account_id)
    for attempt in range(5):
        try:
            billing.update(account, retries=3)
            return
        except BillingUnavailable as error:
            time.sleep(2**attempt)
            last_error = error
    raise self.retry(exc=last_error)
