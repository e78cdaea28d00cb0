@app.get("/api/measurements")
def list_measurements():
    measurements = (
        Measurement.query.filter_by(device_id=request.args["device"])
        .order_by(Measurement.taken_at)
        .all()
    )
    return jsonify([measurement.to_dict() for measurement in measurements])
