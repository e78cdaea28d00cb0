def get_report(request, report_name):
    key = f"report:{report_name}"
    report = cache.get(key)
    if report is None:
        report = build_report(report_name, tenant=request.user.tenant_id)
        cache.set(key, report, timeout=600)
    return JsonResponse(report)
