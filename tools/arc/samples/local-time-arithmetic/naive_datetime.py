def events_of_day(day):
    start = datetime.strptime(day, "%Y-%m-%d")
    end = start + timedelta(hours=24)
    return Event.objects.filter(
        created_at__gte=start, created_at__lt=end
    ).count()
