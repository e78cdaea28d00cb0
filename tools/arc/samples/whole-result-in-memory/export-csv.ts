app.get('/export.csv', async (req, res) => {
  const rows = await db('ledger')
    .where({ tenant_id: req.tenant.id })
    .select('*');
  const lines = rows.map((row) =>
    [row.id, row.booked_at, row.amount].join(','),
  );
  const csv = ['id,booked_at,amount', ...lines].join('\n');
  res.setHeader('content-type', 'text/csv');
  res.send(Buffer.from(csv, 'utf8'));
});
