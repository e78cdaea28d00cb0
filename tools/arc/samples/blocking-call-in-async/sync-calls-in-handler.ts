app.post('/login', async (req, res) => {
  const users = JSON.parse(fs.readFileSync(USERS_FILE, 'utf8')) as Record<
    string,
    StoredUser
  >;
  const user = users[req.body.name];
  const derived = crypto.pbkdf2Sync(
    req.body.password,
    user.salt,
    600_000,
    64,
    'sha512',
  );
  if (!crypto.timingSafeEqual(derived, Buffer.from(user.hash, 'hex'))) {
    return res.status(401).end();
  }
  fs.appendFileSync(AUDIT_FILE, `${user.id} logged in\n`);
  res.json({ token: await issueToken(user) });
});
