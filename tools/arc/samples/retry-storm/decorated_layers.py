session = requests.Session()
session.mount(
    "https://",
    HTTPAdapter(
        max_retries=Retry(
            total=5, backoff_factor=0.5, status_forcelist=[502, 503, 504]
        )
    ),
)


@retry(stop=stop_after_attempt(4), wait=wait_exponential(multiplier=1))
def fetch_quote(symbol):
    response = session.get(f"{BASE_URL}/quotes/{symbol}", timeout=3)
    response.raise_for_status()
    return response.json()


@retry(stop=stop_after_attempt(3), wait=wait_exponential(multiplier=1))
def price_portfolio(symbols):
    return {symbol: fetch_quote(symbol) for symbol in symbols}
