@app.errorhandler(Exception)
def handle_error(error):
    return (
        jsonify(
            error=str(error),
            type=type(error).__name__,
            traceback=traceback.format_exc(),
        ),
        500,
    )
