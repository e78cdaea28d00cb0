export async function saveOrder(order: Order): Promise<void> {
  try {
    await db.insert(orders).values(order);
    await events.publish('order.saved', order);
  } catch (error) {}
}
