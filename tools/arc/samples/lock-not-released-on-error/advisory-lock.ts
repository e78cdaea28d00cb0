export async function nightlyClose(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK_ID]);
  await closeAccounts(client);
  await postInterest(client);
  await client.query('SELECT pg_advisory_unlock($1)', [LOCK_ID]);
}
