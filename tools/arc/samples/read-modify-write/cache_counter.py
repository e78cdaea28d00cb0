def next_invoice_number(client, year):
    current = client.get(f"invoice:{year}")
    number = int(current or 0) + 1
    client.set(f"invoice:{year}", number)
    return f"{year}-{number:06d}"
