cron.schedule('0 * * * *', async () => {
  const tenants = await db.select().from(tenantsTable);
  for (const tenant of tenants) {
    await queue.add('sync', { tenantId: tenant.id });
  }
});

cron.schedule('0 0 * * *', () => expireAllSubscriptions());
cron.schedule('0 0 * * *', () => rebuildAllReports());
cron.schedule('0 0 * * *', () => purgeAllCaches());
