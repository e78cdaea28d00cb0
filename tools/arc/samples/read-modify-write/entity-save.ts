export async function purchase(
  productId: string,
  quantity: number,
): Promise<void> {
  const product = await Product.findByPk(productId);
  if (product.stock < quantity) throw new Error('out of stock');
  product.stock -= quantity;
  await product.save();
}
