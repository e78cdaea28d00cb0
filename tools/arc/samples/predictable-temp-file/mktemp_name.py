def convert_upload(upload):
    source = tempfile.mktemp(suffix=".png")
    target = os.path.join(
        tempfile.gettempdir(), "upload-%d-%d.webp" % (os.getpid(), time.time())
    )
    with open(source, "wb") as out:
        out.write(upload.read())
    try:
        subprocess.check_call(["cwebp", source, "-o", target], timeout=30)
        with open(target, "rb") as result:
            return result.read()
    finally:
        os.unlink(source)
        os.unlink(target)
