def unpack(archive, target):
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            with open(os.path.join(target, member.name), "wb") as out:
                out.write(tar.extractfile(member).read())
