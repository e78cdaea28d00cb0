def archive(connection):
    offset = 0
    while rows := connection.execute(
        "SELECT * FROM logs ORDER BY at LIMIT 500 OFFSET %s", (offset,)
    ).fetchall():
        store(rows)
        offset += len(rows)
