def import_from_url(request):
    source = request.POST["source"]
    with urllib.request.urlopen(source, timeout=10) as response:
        document = Document.objects.create(
            owner=request.user, content=response.read()
        )
    return JsonResponse({"id": document.id})
