app.patch('/users/:id', requireSelf, async (req, res) => {
  const user = await prisma.user.update({
    where: { id: req.params.id },
    data: { ...req.body },
  });
  res.json(user);
});

app.post('/signup', async (req, res) => {
  const user = await User.create(req.body);
  res.status(201).json(user);
});
