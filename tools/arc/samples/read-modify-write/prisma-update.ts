export async function addCredit(userId: string, amount: number): Promise<User> {
  const user = await prisma.user.findUnique({ where: { id: userId } });
  return prisma.user.update({
    where: { id: userId },
    data: { balance: user.balance + amount },
  });
}
