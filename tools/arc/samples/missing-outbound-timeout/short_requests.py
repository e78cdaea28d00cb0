def get_user(user_id):
    response = requests.get(f"{API_URL}/users/{user_id}")
    return response.json()


def create_user(user):
    response = requests.post(f"{API_URL}/users", json=user, headers=HEADERS)
    response.raise_for_status()
    return response.json()
