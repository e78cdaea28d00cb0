def place_order(customer, lines):
    with transaction.atomic():
        order = Order.objects.create(
            customer=customer, total=sum(line.price for line in lines)
        )
        OrderLine.objects.bulk_create(
            [OrderLine(order=order, **line.as_dict()) for line in lines]
        )
    producer.send(
        "orders",
        key=str(order.id).encode(),
        value=json.dumps(order.as_event()).encode(),
    )
    producer.flush()
    return order
