def move_stock(session, from_id, to_id, quantity):
    origin = session.query(Stock).filter_by(id=from_id).with_for_update().one()
    destination = (
        session.query(Stock).filter_by(id=to_id).with_for_update().one()
    )
    origin.quantity -= quantity
    destination.quantity += quantity
    session.commit()
