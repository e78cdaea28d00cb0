export async function cancelOrder(id: string): Promise<void> {
  try {
    await payments.refund(id);
    await db
      .update(orders)
      .set({ status: 'cancelled' })
      .where(eq(orders.id, id));
  } catch {
    // ignore
  }
}
