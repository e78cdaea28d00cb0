setInterval(async () => {
  const invoices = await db.query('SELECT * FROM invoices WHERE state = $1', [
    'open',
  ]);
  for (const invoice of invoices.rows) {
    await collect(invoice);
    await db.query('UPDATE invoices SET state = $1 WHERE id = $2', [
      'collected',
      invoice.id,
    ]);
  }
}, 60_000);
