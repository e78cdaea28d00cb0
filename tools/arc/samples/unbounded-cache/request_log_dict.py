class RateTracker:
    hits = collections.defaultdict(list)

    def record(self, client_ip):
        self.hits[client_ip].append(time.monotonic())

    def allowed(self, client_ip):
        self.record(client_ip)
        recent = [
            hit for hit in self.hits[client_ip] if time.monotonic() - hit < 60
        ]
        return len(recent) <= LIMIT
