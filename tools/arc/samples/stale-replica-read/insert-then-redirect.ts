app.post('/tickets', async (req, res) => {
  const { rows } = await writer.query(
    'INSERT INTO tickets (title, body) VALUES ($1, $2) RETURNING id',
    [req.body.title, req.body.body],
  );
  const ticket = await reader.query(
    'SELECT id, title, state FROM tickets WHERE id = $1',
    [rows[0].id],
  );
  if (ticket.rows.length === 0) {
    return res.status(404).json({ error: 'not found' });
  }
  res.status(201).json(ticket.rows[0]);
});
