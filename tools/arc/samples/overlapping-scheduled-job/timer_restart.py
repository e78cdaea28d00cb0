def collect_open_invoices():
    threading.Timer(60, collect_open_invoices).start()
    for invoice in Invoice.objects.filter(state="open"):
        payments.collect(invoice)
        invoice.state = "collected"
        invoice.save()
