def update_profile(request):
    Profile.objects.filter(user=request.user).update(
        **json.loads(request.body)
    )
    User.objects.create(**request.POST.dict())
    return HttpResponse(status=204)
