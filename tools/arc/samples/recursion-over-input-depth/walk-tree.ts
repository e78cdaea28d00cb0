export function sanitise(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => sanitise(item));
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, sanitise(item)]),
    );
  }
  return typeof value === 'string' ? value.trim() : value;
}

app.post('/documents', (req, res) => {
  res.json(store.save(sanitise(req.body)));
});
