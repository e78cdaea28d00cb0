export async function backfillSlugs(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    const articles = await tx
      .select()
      .from(articlesTable)
      .where(isNull(articlesTable.slug));
    for (const article of articles) {
      await tx
        .update(articlesTable)
        .set({ slug: slugify(article.title) })
        .where(eq(articlesTable.id, article.id));
    }
  });
}
