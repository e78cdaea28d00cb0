const http = axios.create({
  baseURL: process.env.CATALOGUE_URL,
  timeout: 3000,
});
axiosRetry(http, { retries: 3, retryDelay: axiosRetry.exponentialDelay });

export async function getProduct(id: string): Promise<Product> {
  return retry(
    async () => {
      const { data } = await http.get<Product>(`/products/${id}`);
      return data;
    },
    { retries: 3 },
  );
}

export async function renderProductPage(id: string): Promise<Page> {
  return pRetry(() => getProduct(id).then((product) => toPage(product)), {
    retries: 3,
  });
}
