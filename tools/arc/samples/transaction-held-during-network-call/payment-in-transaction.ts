export async function checkout(orderId: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const order = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
    await tx.order.update({
      where: { id: orderId },
      data: { state: 'paying' },
    });
    const response = await fetch(`${PAYMENTS_URL}/charges`, {
      method: 'POST',
      body: JSON.stringify({ order: order.id, amount: order.total }),
      signal: AbortSignal.timeout(30_000),
    });
    const charge = await response.json();
    await tx.order.update({
      where: { id: orderId },
      data: { state: 'paid', chargeId: charge.id },
    });
  });
}
