export async function waitUntilReady(
  service: Service,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await service.isReady()) {
      return;
    }
    await sleep(250);
  }
  throw new Error(`not ready after ${timeoutMs} ms`);
}
