import { expect } from 'vitest'
import { call } from './client.ts'
import type { Network } from './network.ts'

/** A root cause as nothing in the shipped catalogue is, long enough to be recognised. */
export const ROOT_CAUSE = `export async function settle(ledger: Ledger, batches: Batch[]) {
  const unmistakable = new Map<string, number>()
  for (const batch of batches) {
    const opening = await ledger.balances.read(batch.account, { at: batch.opened })
    const moved = batch.entries.map((entry) => entry.credit - entry.debit).reduce((a, b) => a + b, 0)
    unmistakable.set(batch.account, opening.amount + moved)
    await ledger.balances.write(batch.account, { amount: opening.amount + moved, at: batch.closed })
  }
  return unmistakable
}
`

/** A body of `POST /v1/arc/recorded`. */
export function incident(title = 'Balances written without a lock') {
  return {
    title,
    severity: 'high',
    description: 'Two settlements of one account at once lost entries.',
    mitigation: 'Write with the version that was read.',
    files: [{ path: 'src/settle.ts', content: ROOT_CAUSE }],
  }
}

/** Records it for the demo organisation, or the one of that key. @returns the entry's id */
export async function recordIncident(
  network: Network,
  body: object = incident(),
  key?: string,
): Promise<string> {
  const answer = await call(network.baseUrl, '/v1/arc/recorded', {
    key: key ?? network.tenants.api_key,
    body,
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.json.id
}
