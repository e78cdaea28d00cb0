export function postEvent(event: AuditEvent): Promise<string> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(event);
    const request = https.request(
      {
        hostname: AUDIT_HOST,
        path: '/events',
        method: 'POST',
        headers: { 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve(Buffer.concat(chunks).toString('utf8')),
        );
      },
    );
    request.on('error', reject);
    request.write(body);
    request.end();
  });
}
