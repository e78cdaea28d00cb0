app.post('/orders', async (req, res) => {
  const order = await orders.create(req.body);
  sendConfirmation(order);
  updateInventory(order);
  res.status(201).json(order);
});
