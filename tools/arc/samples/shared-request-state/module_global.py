current_user = None
current_tenant = None


@app.before_request
def authenticate():
    global current_user, current_tenant
    current_user = load_user(request.headers.get("Authorization"))
    current_tenant = request.headers.get("X-Tenant")


@app.get("/invoices")
def invoices():
    query = Invoice.query.filter_by(
        tenant=current_tenant, owner=current_user.id
    )
    return jsonify([invoice.to_dict() for invoice in query.limit(100)])
