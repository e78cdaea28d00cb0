export async function getCatalogue(): Promise<Catalogue> {
  const cached = await redis.get('catalogue');
  if (cached) {
    return JSON.parse(cached);
  }
  const catalogue = await buildCatalogueFromDatabase();
  await redis.set('catalogue', JSON.stringify(catalogue), 'EX', 300);
  return catalogue;
}
