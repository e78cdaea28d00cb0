@app.get("/templates")
def template():
    with open(
        os.path.join(TEMPLATE_DIR, request.args["name"]), encoding="utf-8"
    ) as source:
        return source.read()
