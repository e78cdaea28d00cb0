def shift_hours(shift):
    start = datetime.strptime(shift["start"], "%Y-%m-%d %H:%M")
    end = datetime.strptime(shift["end"], "%Y-%m-%d %H:%M")
    return (end - start).total_seconds() / 3600
