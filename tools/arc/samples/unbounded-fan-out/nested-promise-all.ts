export async function exportAccounts(accountIds: string[]): Promise<Report[]> {
  return Promise.all(
    accountIds.map(async (accountId) => {
      const invoices = await api.listInvoices(accountId);
      const lines = await Promise.all(
        invoices.map((invoice) => api.getLines(invoice.id)),
      );
      return {
        accountId,
        total: lines.flat().reduce((sum, line) => sum + line.amount, 0),
      };
    }),
  );
}
