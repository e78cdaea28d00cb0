def open_connection(host, port):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    sock = socket.create_connection((host, port), timeout=5)
    return context.wrap_socket(sock, server_hostname=host)
