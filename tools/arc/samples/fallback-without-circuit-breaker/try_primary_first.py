def geocode(address):
    try:
        response = requests.get(PRIMARY_URL, params={"q": address}, timeout=15)
        response.raise_for_status()
        return parse_primary(response.json())
    except requests.RequestException as error:
        logger.warning("primary geocoder failed: %s", error)
    response = requests.get(
        SECONDARY_URL, params={"address": address}, timeout=15
    )
    response.raise_for_status()
    return parse_secondary(response.json())
