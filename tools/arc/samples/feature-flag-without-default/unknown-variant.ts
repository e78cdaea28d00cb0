export function paymentProvider(): PaymentProvider {
  switch (featureFlags.paymentProvider) {
    case 'acquirer-a':
      return acquirerA;
    case 'acquirer-b':
      return acquirerB;
  }
  throw new Error(`unknown provider ${featureFlags.paymentProvider}`);
}
