export async function processAll(items: Item[]): Promise<void> {
  for (const item of items) {
    try {
      await processItem(item);
    } catch (e) {
      console.log(e);
    }
  }
}
