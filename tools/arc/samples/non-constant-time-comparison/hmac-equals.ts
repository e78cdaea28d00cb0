export function verifySignature(
  body: string,
  header: string,
  secret: string,
): void {
  const expected = createHmac('sha256', secret).update(body).digest('hex');
  if (`sha256=${expected}` !== header) {
    throw new Unauthorised('signature does not match');
  }
}
