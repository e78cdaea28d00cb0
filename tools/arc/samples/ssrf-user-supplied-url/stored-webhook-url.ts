export async function testWebhook(req: Request, res: Response): Promise<void> {
  const { url, secret } = req.body;
  const body = JSON.stringify({ type: 'ping', at: new Date().toISOString() });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'x-signature': signature },
    redirect: 'follow',
  });
  res.json({ status: response.status, body: await response.text() });
}
