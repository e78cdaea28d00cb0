export function isExpired(token: string): boolean {
  const payload = jwt.decode(token) as JwtPayload;
  return payload.exp * 1000 < Date.now();
}

export function assertValid(payload: JwtPayload): void {
  if (Date.now() >= payload.exp * 1000) throw new Error('token expired');
  if (payload.iat * 1000 > Date.now()) throw new Error('token from the future');
}
