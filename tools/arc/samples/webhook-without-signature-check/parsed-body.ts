app.post('/webhooks/payments', express.json(), async (req, res) => {
  const event = req.body;
  switch (event.type) {
    case 'payment.succeeded':
      await db.query('UPDATE orders SET state = $1 WHERE id = $2', [
        'paid',
        event.data.orderId,
      ]);
      break;
    case 'payment.refunded':
      await db.query('UPDATE orders SET state = $1 WHERE id = $2', [
        'refunded',
        event.data.orderId,
      ]);
      break;
  }
  res.status(200).send('ok');
});
