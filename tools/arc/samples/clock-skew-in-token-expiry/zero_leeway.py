def decode(token):
    return jwt.decode(
        token,
        PUBLIC_KEY,
        algorithms=["RS256"],
        leeway=0,
        options={"verify_iat": True},
    )
