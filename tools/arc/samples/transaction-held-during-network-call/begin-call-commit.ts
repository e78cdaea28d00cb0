export async function closeAccount(accountId: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query(
      'SELECT * FROM accounts WHERE id = $1 FOR UPDATE',
      [accountId],
    );
    const payout = await axios.post(
      `${BANK_URL}/payouts`,
      { iban: rows[0].iban, amount: rows[0].balance },
      { timeout: 20_000 },
    );
    await mailer.send({
      to: rows[0].email,
      subject: 'Your account was closed',
    });
    await client.query(
      'UPDATE accounts SET state = $1, payout = $2 WHERE id = $3',
      ['closed', payout.data.id, accountId],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
