@app.task(acks_late=True, max_retries=5)
def capture_payment(order_id):
    order = Order.objects.get(pk=order_id)
    charge = gateway.Charge.create(
        amount=order.total,
        currency=order.currency,
        customer=order.customer_ref,
    )
    Payment.objects.create(
        order=order, charge_ref=charge.id, amount=order.total
    )
    order.paid_total = F("paid_total") + order.total
    order.save(update_fields=["paid_total"])
    notify_warehouse.delay(order_id)
