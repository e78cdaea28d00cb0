export function splitBill(amount: number, people: number): number[] {
  const share = Math.round((amount / people) * 100) / 100;
  return Array.from({ length: people }, () => share);
}

export function isPaid(invoice: Invoice, payments: Payment[]): boolean {
  const paid = payments.reduce((sum, payment) => sum + payment.amount, 0.0);
  return paid === invoice.net * 1.19;
}

export const toCents = (amount: number): number => Math.floor(amount * 100);
