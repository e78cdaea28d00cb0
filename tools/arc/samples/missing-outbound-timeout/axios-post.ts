export async function authorise(
  card: Card,
  amount: Money,
): Promise<Authorisation> {
  try {
    const response = await axios.post(
      `${process.env.ACQUIRER_URL}/authorisations`,
      { card: card.token, amount: amount.minor, currency: amount.currency },
      { headers: { 'x-merchant': process.env.MERCHANT_ID } },
    );
    return response.data;
  } catch (error) {
    if (axios.isAxiosError(error) && error.response?.status === 402) {
      throw new Declined(error.response.data.reason);
    }
    throw error;
  }
}
