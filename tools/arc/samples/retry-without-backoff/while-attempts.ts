export async function send(message: Message): Promise<void> {
  let attempts = 0;
  while (attempts < 5) {
    try {
      await transport.send(message);
      return;
    } catch (err) {
      attempts++;
    }
  }
  throw new Error('could not send');
}
