def change_plan(account_id, plan):
    Account.objects.using("default").filter(id=account_id).update(plan=plan)
    account = Account.objects.using("replica").get(id=account_id)
    invoice = Invoice.objects.using("default").create(
        account_id=account.id, amount=PRICES[account.plan]
    )
    cache.set(f"account:{account_id}", model_to_dict(account), timeout=3600)
    return invoice


class ReplicaRouter:
    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"
