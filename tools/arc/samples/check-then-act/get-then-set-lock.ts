export async function acquire(name: string): Promise<boolean> {
  const holder = await redis.get(`lock:${name}`);
  if (holder !== null) return false;
  await redis.set(`lock:${name}`, process.pid, { EX: 30 });
  return true;
}
