app.post('/rules', (req, res) => {
  const rule = JSON.parse(req.body.rule, (_key, value) =>
    typeof value === 'string' && value.startsWith('function')
      ? eval(`(${value})`)
      : value,
  );
  rules.push(rule);
  res.status(201).end();
});
