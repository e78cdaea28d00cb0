async function popAndRun(): Promise<void> {
  const raw = await redis.lpop('jobs');
  if (raw !== null) await runJob(JSON.parse(raw));
}
