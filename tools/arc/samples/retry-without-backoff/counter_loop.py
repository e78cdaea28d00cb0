def send(message):
    attempts = 0
    while attempts < 5:
        try:
            smtp.send_message(message)
            return True
        except Exception:
            attempts += 1
    return False
