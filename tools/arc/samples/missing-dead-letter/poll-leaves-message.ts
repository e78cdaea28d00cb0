export async function pollOnce(): Promise<void> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: QUEUE_URL,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
    }),
  );
  for (const message of Messages) {
    try {
      await handle(JSON.parse(message.Body ?? ''));
      await sqs.send(
        new DeleteMessageCommand({
          QueueUrl: QUEUE_URL,
          ReceiptHandle: message.ReceiptHandle,
        }),
      );
    } catch (error) {
      logger.warn('message failed, it will be delivered again', { error });
    }
  }
}
