router.get('/projects/:id/events', async (ctx) => {
  const events = await prisma.event.findMany({
    where: { projectId: ctx.params.id },
    orderBy: { createdAt: 'desc' },
    include: { author: true, attachments: true },
  });
  ctx.body = events.map((event) => ({
    id: event.id,
    type: event.type,
    author: event.author.name,
  }));
});
