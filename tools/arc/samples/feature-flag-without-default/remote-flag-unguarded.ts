export async function renderCheckout(user: User): Promise<Page> {
  const newCheckout = await flags.variation('new-checkout', { key: user.id });
  const limits = await flags.variation('checkout-limits', { key: user.id });
  if (newCheckout) {
    return renderNewCheckout(user, limits.maxItems);
  }
  return renderCheckoutV1(user, limits.maxItems);
}
