slots = threading.BoundedSemaphore(8)


def convert(document):
    slots.acquire()
    result = converter.convert(document.path)
    slots.release()
    return result
