export async function getExchangeRate(
  base: string,
  quote: string,
): Promise<number> {
  const response = await fetch(
    `${RATES_URL}/latest?base=${base}&symbols=${quote}`,
    {
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${apiKey}`,
      },
    },
  );
  if (!response.ok) {
    throw new Error(`rates service answered ${response.status}`);
  }
  const body = (await response.json()) as { rates: Record<string, number> };
  const rate = body.rates[quote];
  if (rate === undefined) throw new Error(`no rate for ${quote}`);
  return rate;
}
