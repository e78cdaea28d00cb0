executor = ThreadPoolExecutor(max_workers=8)


def complete_checkout(cart):
    order = Order.from_cart(cart)
    order.save()
    executor.submit(charge_card, order)
    executor.submit(reserve_stock, order.lines)
    threading.Thread(target=send_receipt, args=(order,), daemon=True).start()
    return order.id
