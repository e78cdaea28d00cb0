def archive_invoices(invoices):
    for invoice in invoices:
        try:
            storage.upload(invoice.path, invoice.content)
            invoice.archived = True
            invoice.save()
        except Exception:
            pass
