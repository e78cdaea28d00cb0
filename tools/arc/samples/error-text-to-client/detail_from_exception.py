@router.post("/imports")
async def create_import(file: UploadFile):
    try:
        return await importer.run(file)
    except Exception as error:
        raise HTTPException(
            status_code=500, detail=f"{type(error).__name__}: {error}"
        )
