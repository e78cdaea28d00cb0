def record_usage(path, tenant, units):
    with open(path) as source:
        usage = json.load(source)
    usage[tenant] = usage.get(tenant, 0) + units
    with open(path, "w") as target:
        json.dump(usage, target)
