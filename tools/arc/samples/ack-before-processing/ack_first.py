def on_delivery(channel, method, properties, body):
    channel.basic_ack(delivery_tag=method.delivery_tag)
    refund = json.loads(body)
    payments.refund(refund["charge"], refund["amount"])
    Refund.objects.filter(id=refund["id"]).update(state="done")


def run(channel):
    channel.basic_consume(queue="refunds", on_message_callback=on_delivery)
    channel.basic_consume(
        queue="emails", on_message_callback=send_email, auto_ack=True
    )
    channel.start_consuming()
