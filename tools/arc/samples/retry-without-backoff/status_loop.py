def call_api(url, retries=5):
    for i in range(retries):
        response = requests.get(url, timeout=5)
        if response.status_code == 200:
            return response.json()
    raise RuntimeError("too many failures")
