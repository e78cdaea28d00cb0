@exception_handler(Exception)
async def on_error(request, error):
    return JSONResponse(
        {
            "detail": repr(error),
            "trace": traceback.format_tb(error.__traceback__),
        },
        status_code=500,
    )
