export async function redeemCoupon(
  code: string,
  customerId: string,
): Promise<void> {
  const used = await db.query(
    'SELECT count(*) FROM redemptions WHERE code = $1',
    [code],
  );
  const coupon = await db.query(
    'SELECT max_uses FROM coupons WHERE code = $1',
    [code],
  );
  if (Number(used.rows[0].count) >= coupon.rows[0].max_uses) {
    throw new CouponExhausted(code);
  }
  await db.query(
    'INSERT INTO redemptions (code, customer_id) VALUES ($1, $2)',
    [code, customerId],
  );
}
