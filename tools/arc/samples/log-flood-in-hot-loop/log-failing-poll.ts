async function poll(): Promise<void> {
  while (running) {
    try {
      const message = await queue.receive();
      console.log('received', message);
      if (!message) {
        console.log('queue is empty');
        continue;
      }
      await handle(message);
    } catch (error) {
      console.error('poll failed', error);
      console.error(new Error('while polling').stack);
    }
  }
}
