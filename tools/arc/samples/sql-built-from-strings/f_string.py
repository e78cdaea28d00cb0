def get_user(connection, name):
    cursor = connection.cursor()
    query = f"SELECT * FROM users WHERE name = '{name}'"
    cursor.execute(query)
    return cursor.fetchone()


def get_by_email(cursor, email):
    cursor.execute("SELECT * FROM users WHERE email = '" + email + "'")
    return cursor.fetchall()
