export function orderTotal(items: Item[], taxRate: number): number {
  const subtotal = items.reduce(
    (sum, item) => sum + item.price * item.quantity,
    0,
  );
  const tax = subtotal * taxRate;
  return Math.round((subtotal + tax) * 100) / 100;
}
