@app.get("/healthz")
def healthz():
    try:
        db.session.execute(text("SELECT 1"))
        redis_client.ping()
        response = requests.get(f"{LEDGER_URL}/healthz", timeout=2)
        response.raise_for_status()
    except Exception as error:
        return jsonify(status="unhealthy", reason=str(error)), 503
    return jsonify(status="ok"), 200
