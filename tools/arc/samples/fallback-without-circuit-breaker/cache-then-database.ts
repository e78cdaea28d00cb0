export async function loadSession(id: string): Promise<Session | null> {
  let cached: string | null = null;
  try {
    cached = await redis.get(`session:${id}`);
  } catch (error) {
    logger.error('session cache is down, falling back to the database', error);
  }
  if (cached !== null) return JSON.parse(cached);
  const row = await db.query('SELECT * FROM sessions WHERE id = $1', [id]);
  return row.rows[0] ?? null;
}
