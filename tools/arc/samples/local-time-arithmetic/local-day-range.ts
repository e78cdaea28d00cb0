export async function dailyRevenue(day: string): Promise<number> {
  const start = new Date(`${day} 00:00:00`);
  const end = new Date(start.getTime() + 24 * 3600 * 1000);
  const { rows } = await db.query(
    'SELECT sum(amount) AS total FROM sales WHERE sold_at >= $1 AND sold_at < $2',
    [start.toISOString().slice(0, 19), end.toISOString().slice(0, 19)],
  );
  return rows[0].total;
}
