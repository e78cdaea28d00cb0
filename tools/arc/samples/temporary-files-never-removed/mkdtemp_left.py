def import_archive(upload):
    directory = tempfile.mkdtemp(prefix="import-")
    with zipfile.ZipFile(upload) as archive:
        archive.extractall(directory)
    rows = []
    for name in os.listdir(directory):
        with open(os.path.join(directory, name), newline="") as source:
            rows.extend(csv.DictReader(source))
    if not rows:
        raise EmptyArchive(upload.name)
    Row.objects.bulk_create(Row(**row) for row in rows)
    shutil.rmtree(directory)
    return len(rows)
