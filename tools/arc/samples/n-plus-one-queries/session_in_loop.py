def load_orders(session, user_id):
    orders = session.query(Order).filter(Order.user_id == user_id).all()
    for order in orders:
        order.items = (
            session.query(Item).filter(Item.order_id == order.id).all()
        )
    return orders
