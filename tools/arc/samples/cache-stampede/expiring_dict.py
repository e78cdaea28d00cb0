_cache = {}


def get_exchange_rates(base):
    entry = _cache.get(base)
    if entry is not None and time.monotonic() - entry[1] < TTL_SECONDS:
        return entry[0]
    rates = fetch_rates(base)
    _cache[base] = (rates, time.monotonic())
    return rates
