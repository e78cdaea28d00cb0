export async function getRates(base: string): Promise<Rates> {
  const { data } = await axios.get(`${RATES_URL}/latest`, { params: { base } });
  return data.rates;
}

export async function notify(event: Event): Promise<void> {
  await axios.post(process.env.WEBHOOK_URL!, event);
}
