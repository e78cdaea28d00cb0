export async function updateBalance(
  accountId: string,
  delta: number,
): Promise<void> {
  const release = await lock.acquire();
  try {
    const account = await api.get(`/accounts/${accountId}`);
    const limits = await api.get(`/limits/${accountId}`);
    assertWithin(account.data.balance + delta, limits.data);
    await api.patch(`/accounts/${accountId}`, {
      balance: account.data.balance + delta,
    });
  } finally {
    release();
  }
}
