export async function updateProduct(
  id: string,
  changes: ProductChanges,
): Promise<void> {
  const product = await productRepository.save({ id, ...changes });
  await search.index({ index: 'products', id, document: product });
  await redis.del(`product:${id}`);
  await channel.publish(
    'catalogue',
    'product.updated',
    Buffer.from(JSON.stringify(product)),
  );
}
