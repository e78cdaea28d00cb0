@cached(
    cache=TTLCache(maxsize=1000, ttl=300),
    key=lambda request, path: hashkey(path),
)
def fetch_document(request, path):
    tenant = request.state.tenant
    return storage.read(tenant.bucket, path)
