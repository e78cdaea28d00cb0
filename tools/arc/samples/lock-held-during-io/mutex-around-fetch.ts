const mutex = new Mutex();
let token: Token | null = null;

export async function getAccessToken(): Promise<string> {
  return mutex.runExclusive(async () => {
    if (token !== null && token.expiresAt > Date.now()) return token.value;
    const response = await fetch(TOKEN_URL, {
      method: 'POST',
      body: credentials(),
    });
    token = (await response.json()) as Token;
    await redis.set('token', JSON.stringify(token));
    return token.value;
  });
}
