def connect(settings):
    print("connecting with", settings.username, settings.password)
    print("environment:", os.environ)
    logging.basicConfig(level=logging.DEBUG)
    http.client.HTTPConnection.debuglevel = 1
    response = requests.post(
        settings.url,
        json={"user": settings.username, "password": settings.password},
        timeout=5,
    )
    print("answer", response.status_code, response.headers, response.text)
    return response.json()["access_token"]
