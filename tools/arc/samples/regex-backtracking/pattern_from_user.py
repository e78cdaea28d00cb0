@app.get("/search")
def search():
    pattern = re.compile(request.args["pattern"], re.IGNORECASE)
    matches = [line for line in log_lines if pattern.search(line)]
    return jsonify(matches=matches[:100])
