import type { Account } from '../../../schema/wire/money.ts'

/** An account, whose part of it, and how much: debits positive, micro-USD. */
export type Line = readonly [account: Account, party: string, amount: bigint]

/** The books as they should be: a map of sums, and how many journals made them. */
export class Books {
  readonly #balances = new Map<string, bigint>()
  journals = 0

  /** One journal; one of nothing is none. */
  post(...lines: readonly Line[]): void {
    const told = lines.filter(([, , amount]) => amount !== 0n)
    if (told.length === 0) return
    if (told.reduce((sum, [, , amount]) => sum + amount, 0n) !== 0n)
      throw new Error('the model does not balance')
    this.journals++
    for (const [account, party, amount] of told) {
      const name = `${account}/${party}`
      this.#balances.set(name, (this.#balances.get(name) ?? 0n) + amount)
    }
  }

  /** From one account to another: debit the first, credit the second. */
  move(debit: readonly [Account, string?], credit: readonly [Account, string?], amount: bigint): void {
    this.post([debit[0], debit[1] ?? '', amount], [credit[0], credit[1] ?? '', -amount])
  }

  of(account: Account, party = ''): bigint {
    return this.#balances.get(`${account}/${party}`) ?? 0n
  }

  /** Of all parts. */
  total(account: Account): bigint {
    let sum = 0n
    for (const [name, amount] of this.#balances) if (name.startsWith(`${account}/`)) sum += amount
    return sum
  }

  /** `account/party` and its balance, without those that are nothing. */
  balances(): Record<string, string> {
    const entries = [...this.#balances].filter(([, amount]) => amount !== 0n)
    return Object.fromEntries(entries.map(([name, amount]) => [name, String(amount)]))
  }
}
