import type { PaymentRail } from '../../../core/billing/rail.ts'

/**
 * A rail that has forgotten every idempotency key by the time it is asked again, as Stripe has after a day: what is sent twice
 * happens twice. It finds what it has done, by key. Of usage it keeps the keys, as Stripe does for as long as it may be sent again.
 */
export class ForgetfulRail implements PaymentRail {
  readonly name = 'stripe'
  readonly credits: { readonly key: string; readonly cents: number }[] = []
  readonly usage = new Map<string, number>()
  readonly #customers = new Map<string, string>()

  async ensureCustomer(_: unknown, { id }: { id: string }): Promise<string> {
    this.#customers.set(id, this.#customers.get(id) ?? `cus_${this.#customers.size}`)
    return this.#customers.get(id)!
  }

  async reportUsage(_: unknown, { key, cents }: { key: string; cents: number }): Promise<void> {
    this.usage.set(key, cents)
  }

  async credit(_: unknown, { key, cents }: { key: string; cents: number }): Promise<string> {
    this.credits.push({ key, cents })
    return `txn_${key}_${this.credits.length}`
  }

  async findCredit(_: unknown, { key }: { key: string }): Promise<string | null> {
    const at = this.credits.findIndex((credit) => credit.key === key)
    return at < 0 ? null : `txn_${key}_${at + 1}`
  }

  async portalLink(): Promise<null> {
    return null
  }
}
