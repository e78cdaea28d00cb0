@app.get("/activity")
def activity():
    page = int(request.args.get("page", 1))
    per_page = 50
    query = Activity.query.order_by(Activity.created_at.desc())
    items = query.offset((page - 1) * per_page).limit(per_page).all()
    total = query.count()
    return jsonify(
        items=[item.to_dict() for item in items],
        page=page,
        pages=math.ceil(total / per_page),
    )
