def reserve_seat(flight_id, seat):
    with primary.begin() as connection:
        connection.execute(
            insert(reservations).values(flight_id=flight_id, seat=seat)
        )
    with replica.connect() as connection:
        taken = connection.execute(
            select(func.count()).where(reservations.c.flight_id == flight_id)
        ).scalar_one()
    if taken > CAPACITY:
        raise Overbooked(flight_id)
    return taken
