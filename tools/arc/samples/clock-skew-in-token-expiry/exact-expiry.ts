export function verifyToken(token: string): Claims {
  const claims = decodeAndVerify(token, publicKey) as Claims;
  const now = Math.floor(Date.now() / 1000);
  if (claims.exp <= now) {
    throw new Unauthorised('token has expired');
  }
  if (claims.nbf > now || claims.iat > now) {
    throw new Unauthorised('token is not valid yet');
  }
  return claims;
}
