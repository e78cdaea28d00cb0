def search(request):
    term = request.GET["q"]
    order = request.GET.get("sort", "name")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM products WHERE name LIKE '%%%s%%' ORDER BY %s"
            % (term, order)
        )
        return JsonResponse({"results": cursor.fetchall()})
