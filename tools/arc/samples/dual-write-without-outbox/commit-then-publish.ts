export async function placeOrder(input: NewOrder): Promise<Order> {
  const order = await db.transaction(async (tx) => {
    const [row] = await tx.insert(orders).values(input).returning();
    await tx
      .insert(orderLines)
      .values(input.lines.map((line) => ({ ...line, orderId: row.id })));
    return row;
  });
  await producer.send({
    topic: 'orders',
    messages: [{ key: order.id, value: JSON.stringify(order) }],
  });
  return order;
}
