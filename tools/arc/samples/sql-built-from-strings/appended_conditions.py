def list_orders(connection, filters):
    sql = "SELECT * FROM orders WHERE 1 = 1"
    if filters.get("customer"):
        sql += " AND customer = '" + filters["customer"] + "'"
    if filters.get("states"):
        sql += " AND state IN ('" + "','".join(filters["states"]) + "')"
    sql += " ORDER BY {} {}".format(filters["sort"], filters["direction"])
    return connection.execute(text(sql)).fetchall()
