urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


def fetch_statement(account_id):
    response = requests.get(
        f"{BANK_URL}/accounts/{account_id}/statement", verify=False, timeout=10
    )
    response.raise_for_status()
    return response.json()


session = requests.Session()
session.verify = False
client = httpx.Client(verify=False, timeout=10)
