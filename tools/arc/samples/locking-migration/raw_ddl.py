def migrate(connection):
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        cursor.execute("ALTER TABLE events ALTER COLUMN id TYPE bigint")
        cursor.execute("CREATE UNIQUE INDEX events_ref_idx ON events (ref)")
    connection.commit()
