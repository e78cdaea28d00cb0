class TokenProvider:
    lock = threading.Lock()

    def token(self):
        with self.lock:
            if self.expires_at > time.monotonic():
                return self.value
            response = requests.post(
                self.url, data=self.credentials, timeout=30
            )
            response.raise_for_status()
            self.value = response.json()["access_token"]
            self.expires_at = time.monotonic() + response.json()["expires_in"]
            return self.value
