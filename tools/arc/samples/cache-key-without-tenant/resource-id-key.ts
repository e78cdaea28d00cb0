export async function getDashboard(
  tenantId: string,
  name: string,
): Promise<Dashboard> {
  const key = `dashboard:${name}`;
  const cached = await redis.get(key);
  if (cached !== null) return JSON.parse(cached) as Dashboard;
  const dashboard = await db.dashboards.findFirst({
    where: { tenantId, name },
  });
  await redis.set(key, JSON.stringify(dashboard), 'PX', jitter(600_000));
  return dashboard;
}
