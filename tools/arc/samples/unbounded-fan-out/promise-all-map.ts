export async function refreshAll(): Promise<void> {
  const customers = await db.select().from(customersTable);
  await Promise.all(
    customers.map(async (customer) => {
      const profile = await crm.getProfile(customer.externalId);
      await db
        .update(customersTable)
        .set({ profile })
        .where(eq(customersTable.id, customer.id));
    }),
  );
}
