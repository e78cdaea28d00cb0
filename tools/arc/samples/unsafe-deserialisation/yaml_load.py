@app.post("/pipelines")
def create_pipeline():
    definition = yaml.load(request.data, Loader=yaml.Loader)
    pipeline = Pipeline(**definition)
    return {"id": pipeline.save()}
