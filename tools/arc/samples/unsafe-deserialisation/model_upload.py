@app.post("/models")
def upload_model():
    upload = request.files["model"]
    model = joblib.load(upload.stream)
    if not hasattr(model, "predict"):
        return jsonify(error="not a model"), 400
    state = torch.load(request.files["weights"].stream)
    registry.store(upload.filename, model, state)
    return jsonify(score=model.score(SAMPLE)), 201
