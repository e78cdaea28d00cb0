app.get('/activity', async (req, res) => {
  const page = Number(req.query.page ?? 1);
  const [items, total] = await Promise.all([
    prisma.activity.findMany({
      orderBy: { createdAt: 'desc' },
      skip: (page - 1) * PAGE_SIZE,
      take: PAGE_SIZE,
    }),
    prisma.activity.count(),
  ]);
  res.json({ items, page, pages: Math.ceil(total / PAGE_SIZE) });
});
