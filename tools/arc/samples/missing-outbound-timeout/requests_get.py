def fetch_customer(customer_id):
    response = requests.get(
        f"{CRM_URL}/customers/{customer_id}",
        headers={"Authorization": f"Bearer {API_KEY}"},
    )
    if response.status_code == 404:
        return None
    response.raise_for_status()
    return Customer(**response.json())
