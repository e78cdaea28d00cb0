class TokenSource:
    def get(self):
        if self.token is not None and time.time() < self.expires_at:
            return self.token
        payload = self.request_token(self.client_id)
        self.token = payload["access_token"]
        self.expires_at = time.time() + payload["expires_in"]
        return self.token
