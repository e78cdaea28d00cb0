def export_ledger(request):
    entries = list(LedgerEntry.objects.filter(tenant=request.tenant))
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(["id", "booked_at", "amount"])
    for entry in entries:
        writer.writerow([entry.id, entry.booked_at, entry.amount])
    response = HttpResponse(output.getvalue(), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    return response
