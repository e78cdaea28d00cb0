def flag(name):
    return FeatureFlag.objects.get(name=name).enabled


def start_import(request):
    if flag("parallel-import"):
        return parallel_import.delay(request.user.id)
    return sequential_import.delay(request.user.id)
