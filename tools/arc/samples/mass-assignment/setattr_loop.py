@app.patch("/users/me")
@login_required
def update_me():
    for field, value in request.get_json().items():
        setattr(current_user, field, value)
    db.session.commit()
    return jsonify(current_user.to_dict())
