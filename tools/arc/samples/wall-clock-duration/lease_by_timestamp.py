class Lease:
    def renew(self):
        self.store.write(
            self.name,
            {"holder": self.id, "until": time.time() + LEASE_SECONDS},
        )
        self.renewed_at = time.time()

    def is_held(self):
        return time.time() - self.renewed_at < LEASE_SECONDS

    def try_take(self):
        current = self.store.read(self.name)
        if current is not None and current["until"] > time.time():
            return False
        self.renew()
        return True
