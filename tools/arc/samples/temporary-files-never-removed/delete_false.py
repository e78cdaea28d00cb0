def transcode(upload):
    source = tempfile.NamedTemporaryFile(suffix=".mov", delete=False)
    shutil.copyfileobj(upload, source)
    source.close()
    target = tempfile.NamedTemporaryFile(suffix=".mp4", delete=False)
    subprocess.run(
        ["ffmpeg", "-y", "-i", source.name, target.name],
        check=True,
        timeout=600,
    )
    with open(target.name, "rb") as result:
        return result.read()
