export async function fetchInventory(url: string): Promise<Inventory> {
  while (true) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
      if (response.ok) {
        return (await response.json()) as Inventory;
      }
      console.error(`inventory answered ${response.status}, trying again`);
    } catch (error) {
      console.error('inventory unreachable, trying again', error);
    }
  }
}
