router.put('/profile', authenticated, async (ctx) => {
  const user = await users.findOneByOrFail({ id: ctx.state.user.id });
  Object.assign(user, ctx.request.body);
  await users.save(user);
  ctx.body = user;
});

router.put('/settings', authenticated, async (ctx) => {
  await db('settings')
    .where({ user_id: ctx.state.user.id })
    .update(ctx.request.body);
  ctx.status = 204;
});
