def load_session(request):
    cookie = request.cookies.get("session")
    if cookie is None:
        return {}
    return pickle.loads(base64.b64decode(cookie))
