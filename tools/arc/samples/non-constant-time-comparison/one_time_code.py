def verify_otp(session, code):
    return (
        session["otp"]
        == hmac.new(session["key"], code.encode(), "sha1").hexdigest()[:6]
    )
