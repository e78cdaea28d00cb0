export async function getSettings(): Promise<Settings> {
  const key = 'settings';
  const hit = await redis.get(key);
  if (hit !== null) return JSON.parse(hit);
  const settings = await fetchSettings();
  await redis.setex(key, 60, JSON.stringify(settings));
  return settings;
}
