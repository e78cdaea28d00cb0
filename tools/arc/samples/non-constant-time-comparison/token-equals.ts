export async function verifyResetToken(
  userId: string,
  token: string,
): Promise<boolean> {
  const record = await db.query(
    'SELECT token_hash, expires_at FROM resets WHERE user_id = $1',
    [userId],
  );
  const digest = createHash('sha256').update(token).digest('base64');
  if (
    record.rows[0].token_hash === digest &&
    record.rows[0].expires_at > new Date()
  ) {
    await db.query('DELETE FROM resets WHERE user_id = $1', [userId]);
    return true;
  }
  return false;
}
