export const balanceOf = (account: string): Promise<number> =>
  ledger
    .sum(account)
    .then((total) => total.amount)
    .catch(() => 0);
