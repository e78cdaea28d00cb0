export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const acquired = await redis.setnx(`lock:${name}`, hostname());
  if (!acquired) return null;
  try {
    return await work();
  } finally {
    await redis.del(`lock:${name}`);
  }
}
