const cache = new Map<string, { value: Report; expiresAt: number }>();

export async function getReport(id: string): Promise<Report> {
  const entry = cache.get(id);
  if (entry && entry.expiresAt > Date.now()) {
    return entry.value;
  }
  const value = await computeReport(id);
  cache.set(id, { value, expiresAt: Date.now() + 60_000 });
  return value;
}
