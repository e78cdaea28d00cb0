def notify(customer, message):
    response = requests.post(
        f"{SMS_URL}/messages", json={"to": customer.phone, "text": message}
    )
    response.raise_for_status()
    return response.json()["id"]
