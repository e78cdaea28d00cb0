def read_feed(url):
    session = requests.Session()
    response = session.get(url, stream=True, timeout=10)
    if response.status_code != 200:
        return None
    return json.loads(next(response.iter_lines()))
