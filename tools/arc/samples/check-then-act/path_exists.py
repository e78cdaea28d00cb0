def write_report(path, content):
    if os.path.exists(path):
        raise FileExistsError(path)
    with open(path, "w") as report:
        report.write(content)


def remove_upload(path, user):
    if os.path.isfile(path) and os.stat(path).st_uid == user.uid:
        os.remove(path)


def take_lock(client, name, owner):
    if not client.exists(f"lock:{name}"):
        client.set(f"lock:{name}", owner, ex=30)
        return True
    return False
