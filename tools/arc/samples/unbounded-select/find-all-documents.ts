app.get('/api/customers', async (_req, res) => {
  const customers = await Customer.find({}).sort({ name: 1 });
  res.json({ customers });
});
