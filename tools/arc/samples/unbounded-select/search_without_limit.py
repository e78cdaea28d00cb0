def search(request):
    cursor = connection.cursor()
    cursor.execute(
        "SELECT id, title FROM documents WHERE title ILIKE %s",
        [f"%{request.GET['q']}%"],
    )
    return JsonResponse(
        {
            "results": [
                {"id": row[0], "title": row[1]} for row in cursor.fetchall()
            ]
        }
    )
