await channel.consume('shipments', async (message) => {
  if (!message) return;
  channel.ack(message);
  const shipment = JSON.parse(message.content.toString()) as Shipment;
  await carrier.book(shipment);
  await db
    .update('shipments')
    .set({ state: 'booked' })
    .where({ id: shipment.id });
});
