@app.get("/proxy")
def proxy():
    response = requests.get(request.args["src"], timeout=5, stream=True)
    return Response(
        response.content, content_type=response.headers["Content-Type"]
    )
