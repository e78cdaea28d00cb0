/** Of the budget, when room is made. */
const SHARE_KEPT = 0.9

interface Entry<Value> {
  readonly value: Value
  readonly cost: number
  /** Since room was last made. */
  used: boolean
}

/** A map that forgets what was not used lately (second chance), so that what it holds stays within a budget. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #budget: number
  #spent = 0

  /** @param budget the sum of costs that is kept, in whatever unit `set` is given */
  constructor(budget: number) {
    this.#budget = budget
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    entry.used = true
    return entry.value
  }

  set(key: string, value: Value, cost: number): void {
    this.delete(key)
    if (cost > this.#budget) return
    if (this.#spent + cost > this.#budget) this.#makeRoom(cost)
    this.#entries.set(key, { value, cost, used: false })
    this.#spent += cost
  }

  /** Oldest first; what was used goes to the end instead, once. */
  #makeRoom(needed: number): void {
    const target = Math.max(0, this.#budget * SHARE_KEPT - needed)
    for (const [key, entry] of this.#entries) {
      if (this.#spent <= target) return
      this.#entries.delete(key)
      if (entry.used) this.#entries.set(key, { ...entry, used: false })
      else this.#spent -= entry.cost
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#spent -= entry.cost
  }
}
