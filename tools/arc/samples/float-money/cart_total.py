def invoice_total(lines, discount, tax_rate):
    total = 0.0
    for line in lines:
        total += float(line["price"]) * line["quantity"]
    total = total * (1 - discount / 100)
    total = total * (1 + tax_rate)
    return round(total, 2)
