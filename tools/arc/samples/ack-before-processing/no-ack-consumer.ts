await channel.consume(
  'labels',
  (message) => printLabel(JSON.parse(message!.content.toString())),
  { noAck: true },
);
