export async function registerUser(input: NewUser): Promise<User> {
  const user = await users.create(input);
  sendWelcomeMail(user);
  auditLog.write({ type: 'registered', user: user.id });
  return user;
}

async function sendWelcomeMail(user: User): Promise<void> {
  const html = await templates.render('welcome', user);
  await mailer.send({ to: user.email, html });
}
