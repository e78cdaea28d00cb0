export function cartTotal(
  lines: CartLine[],
  discountPercent: number,
  taxRate: number,
): number {
  let total = 0;
  for (const line of lines) {
    total += parseFloat(line.price) * line.quantity;
  }
  total = total - total * (discountPercent / 100);
  total = total + total * taxRate;
  return Number(total.toFixed(2));
}
