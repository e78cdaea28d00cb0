def find_orders(customer_id):
    connection = pool.getconn()
    cursor = connection.cursor()
    cursor.execute(
        "SELECT id, total FROM orders WHERE customer_id = %s", (customer_id,)
    )
    rows = cursor.fetchall()
    if not rows:
        raise NoOrders(customer_id)
    pool.putconn(connection)
    return [Order(*row) for row in rows]
