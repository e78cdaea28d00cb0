export async function countVisit(page: string): Promise<number> {
  const current = Number((await redis.get(`visits:${page}`)) ?? 0);
  const next = current + 1;
  await redis.set(`visits:${page}`, String(next));
  return next;
}
