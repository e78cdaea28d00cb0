export async function processAll(ids: string[]): Promise<Result[]> {
  return Promise.all(ids.map((id) => fetchItem(id)));
}

export async function notifyAll(userIds: string[]): Promise<void> {
  const users = await User.find({ _id: { $in: userIds } });
  await Promise.all(
    users.map(async (user) => await mailer.send(user.email, 'News')),
  );
}
