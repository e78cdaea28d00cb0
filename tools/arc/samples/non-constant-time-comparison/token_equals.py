def verify_reset_token(user, token):
    digest = hashlib.sha256(token.encode()).hexdigest()
    if user.reset_token == digest and user.reset_expires > timezone.now():
        user.reset_token = None
        user.save()
        return True
    return False
