@app.before_request
def require_api_key():
    key = request.headers.get("X-Api-Key")
    if key is None or key != settings.API_KEY:
        return jsonify(error="invalid API key"), 401
    g.client = Client.by_key(key)
