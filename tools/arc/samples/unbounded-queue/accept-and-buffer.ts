const jobs: Job[] = [];

app.post('/jobs', (req, res) => {
  jobs.push({ id: randomUUID(), payload: req.body, receivedAt: Date.now() });
  res.status(202).json({ queued: jobs.length });
});

setInterval(async () => {
  const batch = jobs.splice(0, 10);
  await Promise.all(batch.map((job) => processJob(job)));
}, 1000);
