export async function runExclusive(
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const release = await mutex.acquire();
  await work();
  release();
}
