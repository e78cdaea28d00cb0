await consumer.run({
  eachMessage: async ({ message }) => {
    const deposit = JSON.parse(message.value!.toString()) as Deposit;
    await db.query('UPDATE accounts SET balance = balance + $1 WHERE id = $2', [
      deposit.amount,
      deposit.accountId,
    ]);
    await db.query(
      'INSERT INTO statements (account_id, amount) VALUES ($1, $2)',
      [deposit.accountId, deposit.amount],
    );
    await mailer.send(deposit.email, 'Your deposit has arrived');
  },
});
