export async function getRecommendations(userId: string): Promise<Product[]> {
  try {
    const response = await fetch(`${RECOMMENDER_URL}/users/${userId}`, {
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok)
      throw new Error(`recommender answered ${response.status}`);
    return (await response.json()).products;
  } catch (error) {
    logger.warn('recommender failed, using bestsellers', { error });
    return await getBestsellersFromDatabase();
  }
}
