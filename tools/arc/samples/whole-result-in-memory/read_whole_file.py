def import_contacts(upload):
    content = upload.read().decode("utf-8")
    records = [json.loads(line) for line in content.splitlines()]
    Contact.objects.bulk_create([Contact(**record) for record in records])
    return len(records)
