const cache = new Map<string, Profile>();

export async function getProfile(userId: string): Promise<Profile> {
  if (cache.has(userId)) {
    return cache.get(userId)!;
  }
  const profile = await db.profiles.findOne({ userId });
  cache.set(userId, profile);
  return profile;
}
