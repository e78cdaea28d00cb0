let currentUser: User | null = null;
let currentTenant: string | null = null;

app.use(async (req, _res, next) => {
  currentUser = await loadUser(req.headers.authorization);
  currentTenant = req.headers['x-tenant'] as string;
  next();
});

export async function listInvoices(): Promise<Invoice[]> {
  if (!currentUser) throw new Unauthorised();
  return db.invoices.findMany({
    where: { tenantId: currentTenant, ownerId: currentUser.id },
    take: 100,
  });
}
