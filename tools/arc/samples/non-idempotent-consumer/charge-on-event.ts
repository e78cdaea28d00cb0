export async function onOrderPlaced(event: OrderPlaced): Promise<void> {
  const charge = await gateway.charges.create({
    amount: event.total,
    currency: event.currency,
    customer: event.customerId,
  });
  await db.insert('payments', {
    order_id: event.orderId,
    charge_id: charge.id,
    amount: event.total,
  });
  await bus.publish('order.paid', {
    orderId: event.orderId,
    chargeId: charge.id,
  });
}
