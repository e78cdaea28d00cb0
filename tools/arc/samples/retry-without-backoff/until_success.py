def load_rates(session, url):
    while True:
        try:
            response = session.get(url, timeout=5)
            response.raise_for_status()
            return response.json()
        except requests.RequestException as error:
            logger.error("rates unavailable: %s", error)
