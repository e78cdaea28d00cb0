export async function getOrders(userId: string): Promise<OrderView[]> {
  const orders = await Order.findAll({ where: { userId } });
  return Promise.all(
    orders.map(async (order) => {
      const items = await OrderItem.findAll({ where: { orderId: order.id } });
      return { ...order.toJSON(), items };
    }),
  );
}
