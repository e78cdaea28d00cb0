def verify_signature(body, header, secret):
    expected = (
        "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    )
    if header != expected:
        raise PermissionDenied("signature does not match")
