export async function sendStatements(accounts: Account[]): Promise<void> {
  await Promise.allSettled(
    accounts.map((account) =>
      mailer.send(account.email, renderStatement(account)),
    ),
  );
  await db.query('UPDATE statements SET sent_at = now() WHERE month = $1', [
    currentMonth(),
  ]);
}
