export async function updateAddress(
  customerId: string,
  address: Address,
): Promise<Customer> {
  await primary.query('UPDATE customers SET address = $1 WHERE id = $2', [
    JSON.stringify(address),
    customerId,
  ]);
  const { rows } = await replica.query(
    'SELECT * FROM customers WHERE id = $1',
    [customerId],
  );
  await redis.set(`customer:${customerId}`, JSON.stringify(rows[0]));
  return rows[0];
}
