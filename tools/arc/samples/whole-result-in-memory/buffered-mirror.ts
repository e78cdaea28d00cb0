export async function mirror(url: string, key: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  const body = Buffer.from(await response.arrayBuffer());
  await s3.putObject({ Bucket: BUCKET, Key: key, Body: body });
}
