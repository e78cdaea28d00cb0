def team_report(connection, department_id):
    cursor = connection.cursor()
    cursor.execute(
        "SELECT id, name FROM teams WHERE department_id = %s", (department_id,)
    )
    report = []
    for team_id, name in cursor.fetchall():
        cursor.execute(
            "SELECT count(*) FROM members WHERE team_id = %s", (team_id,)
        )
        members = cursor.fetchone()[0]
        cursor.execute(
            "SELECT sum(amount) FROM budgets WHERE team_id = %s", (team_id,)
        )
        budget = cursor.fetchone()[0]
        report.append({"team": name, "members": members, "budget": budget})
    return report
