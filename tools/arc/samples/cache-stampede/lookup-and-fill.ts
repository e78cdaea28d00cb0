export async function getUser(id: string): Promise<User> {
  const key = `user:${id}`;
  let user = await cache.get(key);
  if (!user) {
    user = await db.users.findOne({ id });
    await cache.set(key, user, 300);
  }
  return user;
}
