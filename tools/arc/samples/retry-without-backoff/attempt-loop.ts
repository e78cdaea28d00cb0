export async function chargeWithRetry(payment: Payment): Promise<Receipt> {
  let lastError: unknown;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    try {
      return await gateway.charge(payment);
    } catch (error) {
      lastError = error;
      logger.warn('charge failed, retrying', { attempt, error });
    }
  }
  throw lastError;
}
