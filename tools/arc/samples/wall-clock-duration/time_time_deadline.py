def wait_until_ready(service, timeout):
    deadline = time.time() + timeout
    while time.time() < deadline:
        if service.is_ready():
            return
        time.sleep(0.25)
    raise TimeoutError(f"not ready after {timeout} s")
