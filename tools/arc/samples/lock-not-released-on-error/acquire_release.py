lock = threading.Lock()


def post_entry(ledger, entry):
    lock.acquire()
    ledger.validate(entry)
    ledger.entries.append(entry)
    ledger.balance += entry.amount
    lock.release()
