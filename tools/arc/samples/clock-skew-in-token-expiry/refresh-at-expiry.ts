export class TokenSource {
  private token: { value: string; expiresAt: number } | null = null;

  async get(): Promise<string> {
    if (this.token && Date.now() < this.token.expiresAt) {
      return this.token.value;
    }
    const response = await requestToken(this.clientId);
    this.token = {
      value: response.access_token,
      expiresAt: Date.now() + response.expires_in * 1000,
    };
    return this.token.value;
  }
}
