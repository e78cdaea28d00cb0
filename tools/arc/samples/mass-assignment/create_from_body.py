@app.post("/signup")
def signup():
    user = User(**request.get_json())
    db.session.add(user)
    db.session.commit()
    return jsonify(user.to_dict()), 201
