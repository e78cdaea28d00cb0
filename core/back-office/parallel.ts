/** A Worker waits for six connections at most: a seventh would wait its turn with its time running. */
export const CONNECTIONS_IN_PARALLEL = 6

/**
 * Works on all items, some at a time, also when one fails.
 *
 * @param limit how many at a time
 * @returns what came of each, in their order
 */
export async function inParallel<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const waiting = items.entries()
  const outcomes: PromiseSettledResult<Result>[] = []
  const lane = async () => {
    for (const [index, item] of waiting) {
      try {
        outcomes[index] = { status: 'fulfilled', value: await work(item) }
      } catch (reason) {
        outcomes[index] = { status: 'rejected', reason }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  return outcomes
}
