export async function timed<T>(
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = Date.now();
  const result = await work();
  metrics.histogram(name, Date.now() - started);
  return result;
}
