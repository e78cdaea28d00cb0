def verify_token(token):
    claims = decode_and_verify(token, PUBLIC_KEY)
    now = int(time.time())
    if claims["exp"] <= now:
        raise Unauthorised("token has expired")
    if claims["iat"] > now or claims.get("nbf", 0) > now:
        raise Unauthorised("token is not valid yet")
    return claims
