export async function handleWebhook(request: Request): Promise<Response> {
  const signature = request.headers.get('x-hub-signature-256');
  const body = await request.text();
  if (signature && process.env.WEBHOOK_SECRET) {
    verifySignature(body, signature, process.env.WEBHOOK_SECRET);
  }
  const event = JSON.parse(body);
  if (event.action === 'closed' && event.pull_request.merged) {
    await deployments.trigger(
      event.repository.full_name,
      event.pull_request.merge_commit_sha,
    );
  }
  return new Response(null, { status: 204 });
}
