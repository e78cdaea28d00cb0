export async function listOrders(customerId: string): Promise<OrderView[]> {
  const orders = await db.query(
    'SELECT * FROM orders WHERE customer_id = $1 ORDER BY id LIMIT 100',
    [customerId],
  );
  const views: OrderView[] = [];
  for (const order of orders.rows) {
    const lines = await db.query(
      'SELECT * FROM order_lines WHERE order_id = $1',
      [order.id],
    );
    const address = await db.query('SELECT * FROM addresses WHERE id = $1', [
      order.address_id,
    ]);
    views.push({ ...order, lines: lines.rows, address: address.rows[0] });
  }
  return views;
}
