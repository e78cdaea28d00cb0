app.get('/invoices/:id', requireLogin, async (req, res) => {
  const invoice = await prisma.invoice.findUnique({
    where: { id: req.params.id },
  });
  if (!invoice) return res.status(404).end();
  res.json(invoice);
});
