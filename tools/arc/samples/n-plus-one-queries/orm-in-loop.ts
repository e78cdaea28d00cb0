export async function buildFeed(userId: string): Promise<FeedItem[]> {
  const posts = await prisma.post.findMany({
    where: { followers: { some: { id: userId } } },
    take: 50,
  });
  const feed: FeedItem[] = [];
  for (const post of posts) {
    const author = await prisma.user.findUnique({
      where: { id: post.authorId },
    });
    const likes = await prisma.like.count({ where: { postId: post.id } });
    feed.push({ post, author, likes });
  }
  return feed;
}
