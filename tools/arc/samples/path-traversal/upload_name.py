@router.post("/upload")
async def upload(file: UploadFile, folder: str = Form(...)):
    target = os.path.join(UPLOAD_DIR, folder, file.filename)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as out:
        shutil.copyfileobj(file.file, out)
    return {"path": target}
