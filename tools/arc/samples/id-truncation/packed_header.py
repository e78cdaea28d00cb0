def pack_header(event):
    return struct.pack(
        "<IHI",
        event.id & 0xFFFFFFFF,
        event.length & 0xFFFF,
        int(event.created_at.timestamp()),
    )
