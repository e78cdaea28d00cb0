async function work(): Promise<void> {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: QUEUE_URL, WaitTimeSeconds: 20 }),
  );
  for (const message of Messages ?? []) {
    await sqs.send(
      new DeleteMessageCommand({
        QueueUrl: QUEUE_URL,
        ReceiptHandle: message.ReceiptHandle,
      }),
    );
    const event = JSON.parse(message.Body!);
    await applyEvent(event);
  }
}
