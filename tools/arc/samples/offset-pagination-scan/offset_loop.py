def each_event(session, batch_size=1000):
    offset = 0
    while True:
        batch = (
            session.query(Event)
            .order_by(Event.created_at)
            .limit(batch_size)
            .offset(offset)
            .all()
        )
        if not batch:
            break
        yield from batch
        offset += batch_size
