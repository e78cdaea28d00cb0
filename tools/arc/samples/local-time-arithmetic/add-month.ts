export function nextBillingDate(subscription: Subscription): Date {
  const next = new Date(subscription.startedAt);
  next.setMonth(next.getMonth() + 1);
  next.setHours(0, 0, 0, 0);
  return next;
}
