export async function runBilling(month: string): Promise<void> {
  const key = `billing-lock:${month}`;
  const acquired = await redis.set(key, '1', { NX: true, EX: 30 });
  if (acquired !== 'OK') return;
  const accounts = await loadAccounts(month);
  for (const account of accounts) {
    await invoiceAccount(account, month);
  }
  await redis.del(key);
}
