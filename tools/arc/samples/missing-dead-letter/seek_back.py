def consume(consumer):
    consumer.subscribe(["invoices"])
    while True:
        message = consumer.poll(1.0)
        if message is None or message.error():
            continue
        try:
            process_invoice(json.loads(message.value()))
            consumer.commit(message=message)
        except Exception:
            logger.exception("invoice failed, reading it again")
            consumer.seek(
                TopicPartition(
                    message.topic(), message.partition(), message.offset()
                )
            )
