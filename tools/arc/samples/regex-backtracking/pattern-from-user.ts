app.get('/logs/search', (req, res) => {
  const pattern = new RegExp(String(req.query.pattern), 'i');
  const matches = logLines.filter((line) => pattern.test(line)).slice(0, 100);
  res.json({ matches });
});
