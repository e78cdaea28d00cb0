export async function transfer(
  fromId: string,
  toId: string,
  amount: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const from = await tx.query(
      'SELECT balance FROM accounts WHERE id = $1 FOR UPDATE',
      [fromId],
    );
    const to = await tx.query(
      'SELECT balance FROM accounts WHERE id = $1 FOR UPDATE',
      [toId],
    );
    if (from.rows[0].balance < amount) throw new InsufficientFunds(fromId);
    await tx.query('UPDATE accounts SET balance = $1 WHERE id = $2', [
      from.rows[0].balance - amount,
      fromId,
    ]);
    await tx.query('UPDATE accounts SET balance = $1 WHERE id = $2', [
      to.rows[0].balance + amount,
      toId,
    ]);
  });
}
