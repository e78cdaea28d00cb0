export async function indexProducts(products: Product[]): Promise<void> {
  const body = products.flatMap((product) => [
    { index: { _index: 'products', _id: product.id } },
    product,
  ]);
  await search.bulk({ body, refresh: true });
  await db
    .update('products')
    .set({ indexed: true })
    .whereIn(
      'id',
      products.map((product) => product.id),
    );
  logger.info(`indexed ${products.length} products`);
}
