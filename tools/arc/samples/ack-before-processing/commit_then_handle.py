def consume(consumer, handler):
    while True:
        records = consumer.consume(num_messages=100, timeout=1.0)
        if not records:
            continue
        consumer.commit(asynchronous=False)
        for record in records:
            handler(json.loads(record.value()))
