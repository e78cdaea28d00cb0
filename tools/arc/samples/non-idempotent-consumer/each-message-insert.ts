await consumer.run({
  eachMessage: async ({ topic, partition, message }) => {
    const order = JSON.parse(message.value.toString());
    await db.orders.create({ data: order });
    await payments.charge(order.customerId, order.total);
  },
});
