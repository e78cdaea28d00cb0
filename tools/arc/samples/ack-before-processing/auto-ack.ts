channel.consume(
  QUEUE,
  async (msg) => {
    const job = JSON.parse(msg.content.toString());
    await processJob(job);
  },
  { noAck: true },
);
