@transaction.atomic
def checkout(order_id):
    order = Order.objects.select_for_update().get(pk=order_id)
    order.state = "paying"
    order.save()
    response = requests.post(
        f"{PAYMENTS_URL}/charges",
        json={"order": order.id, "amount": str(order.total)},
        timeout=30,
    )
    response.raise_for_status()
    order.charge_id = response.json()["id"]
    order.state = "paid"
    order.save()
    send_mail("Thank you", render_receipt(order), SENDER, [order.email])
