export async function registerUser(
  email: string,
  password: string,
): Promise<User> {
  const existing = await prisma.user.findFirst({ where: { email } });
  if (existing) {
    throw new ConflictError('this address is already registered');
  }
  const passwordHash = await hash(password, 12);
  return prisma.user.create({ data: { email, passwordHash } });
}
