def book(room, slot):
    if Booking.objects.filter(room=room, slot=slot).count() == 0:
        return Booking.objects.create(room=room, slot=slot)
    raise RoomTaken(room, slot)
