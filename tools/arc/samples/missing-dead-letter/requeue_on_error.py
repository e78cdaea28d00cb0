def on_message(channel, method, properties, body):
    try:
        order = json.loads(body)
        fulfil(order)
        channel.basic_ack(delivery_tag=method.delivery_tag)
    except Exception:
        logger.exception("could not fulfil the order, requeueing")
        channel.basic_nack(delivery_tag=method.delivery_tag, requeue=True)


channel.basic_qos(prefetch_count=10)
channel.basic_consume(queue="orders", on_message_callback=on_message)
channel.start_consuming()
