await channel.consume('payments', async (message) => {
  if (message === null) return;
  try {
    const payment = JSON.parse(message.content.toString());
    await settle(payment);
    channel.ack(message);
  } catch (error) {
    logger.error('settlement failed, requeueing', error);
    channel.nack(message, false, true);
  }
});
