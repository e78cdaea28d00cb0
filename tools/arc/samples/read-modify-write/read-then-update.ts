export async function withdraw(
  accountId: string,
  amount: number,
): Promise<number> {
  const { rows } = await db.query(
    'SELECT balance FROM accounts WHERE id = $1',
    [accountId],
  );
  const balance = rows[0].balance;
  if (balance < amount) {
    throw new InsufficientFunds(accountId);
  }
  const newBalance = balance - amount;
  await db.query('UPDATE accounts SET balance = $1 WHERE id = $2', [
    newBalance,
    accountId,
  ]);
  return newBalance;
}
