emitter.on('order', async (order: Order) => {
  await warehouse.reserve(order);
  await bus.publish('order.reserved', order);
});
