app.post('/preview', async (req, res) => {
  const response = await fetch(req.body.url, {
    signal: AbortSignal.timeout(5000),
  });
  const html = await response.text();
  res.json({
    title: extractTitle(html),
    description: extractDescription(html),
  });
});
