/** Of the budget, when room is made. */
const SHARE_KEPT = 0.9

/** A map that forgets what was used longest ago, so that what it holds stays within a budget. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, { value: Value; cost: number }>()
  readonly #budget: number
  #spent = 0

  /** @param budget the sum of costs that is kept, in whatever unit `set` is given */
  constructor(budget: number) {
    this.#budget = budget
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: Value, cost: number): void {
    this.delete(key)
    if (cost > this.#budget) return
    this.#entries.set(key, { value, cost })
    this.#spent += cost
    if (this.#spent > this.#budget) this.#makeRoom()
  }

  /** Many at once: a map that lost entries is slow to say which is its first. */
  #makeRoom(): void {
    const target = this.#budget * SHARE_KEPT
    for (const oldest of this.#entries.keys()) {
      if (this.#spent <= target) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#spent -= entry.cost
  }
}
