export async function login(email: string, password: string): Promise<Session> {
  console.log(`login attempt for ${email} with password ${password}`);
  const user = await users.findByEmail(email);
  const session = await sessions.create(user.id);
  logger.debug('session created', {
    email,
    token: session.token,
    refreshToken: session.refreshToken,
  });
  return session;
}
