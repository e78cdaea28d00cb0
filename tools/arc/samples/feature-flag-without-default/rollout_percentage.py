def rate_for(customer):
    rollout = json.loads(redis_client.get("flags:new-pricing"))
    if rollout["enabled"] and hash(customer.id) % 100 < rollout["percentage"]:
        return new_pricing.rate(customer)
    return pricing.rate(customer)
