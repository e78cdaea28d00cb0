def process_all(items):
    for item in items:
        try:
            process(item)
        except Exception as e:
            print(e)
            continue


def load(path):
    try:
        with open(path) as f:
            return json.load(f)
    except Exception:
        return {}
