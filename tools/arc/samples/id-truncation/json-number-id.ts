export async function syncPosts(cursor: number): Promise<number> {
  const response = await fetch(`${API_URL}/posts?since_id=${cursor}`, {
    signal: AbortSignal.timeout(5000),
  });
  const posts = JSON.parse(await response.text()) as {
    id: number;
    text: string;
  }[];
  for (const post of posts) {
    await db.insert('posts', { external_id: post.id, text: post.text });
  }
  return Math.max(cursor, ...posts.map((post) => post.id));
}
