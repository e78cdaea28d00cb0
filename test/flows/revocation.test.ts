import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CORE } from '../../stack/worker-configuration.ts'
import { call } from '../support/client.ts'
import { issueId, revoke, verify } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const CERTIFICATES = 100
const AT_ONCE = 10
const MOST_POLLS = 20
const POLL_MS = 100

let network: Network
let ids: string[]
beforeAll(async () => {
  network = await startNetwork()
  ids = await Promise.all(Array.from({ length: CERTIFICATES }, () => issueId(network)))
})
afterAll(() => network?.stop())

const odd = (_: string, index: number) => index % 2 === 1
const even = (_: string, index: number) => index % 2 === 0

/** As an edge in another place would have it done: the edge under test is told nothing. */
async function revokeElsewhere(id: string): Promise<void> {
  const core = await network.workers().miniflare.getWorker(CORE)
  const answer = await core.fetch(`https://core/v1/trust/certs/${id}/revoke`, {
    method: 'POST',
    headers: { authorization: `Bearer ${network.tenants.api_key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'keyCompromise' }),
  })
  expect(answer.status, await answer.text()).toBe(200)
}

async function revokeHere(id: string): Promise<void> {
  const answer = await revoke(network, id, 'keyCompromise')
  expect(answer.status, answer.text).toBe(200)
}

/** How often one has to ask until the answer is `revoked`. */
async function pollsUntilRevoked(id: string): Promise<number> {
  for (let polls = 1; polls <= MOST_POLLS; polls++) {
    const verdict = await verify(network, id)
    if (verdict.status === 'revoked') return polls
    expect(verdict).toMatchObject({ verdict: 'valid', status: 'valid' })
    await sleep(POLL_MS)
  }
  throw new Error(`${id} is not revoked after ${MOST_POLLS} polls`)
}

async function expectRevokedEverywhere(id: string): Promise<void> {
  expect(await verify(network, id)).toMatchObject({
    verdict: 'invalid',
    reasons: ['revoked'],
    status: 'revoked',
    signature_valid: true,
    revocation_reason: 'keyCompromise',
    revoked_at: expect.any(String),
  })
  expect((await call(network.baseUrl, `/v1/trust/certs/${id}`)).json.status).toBe('revoked')
  expect((await call(network.baseUrl, `/badges/${id}.svg`)).text).toContain('CodeRisk: revoked')
  const page = await call(network.baseUrl, `/certs/${id}`)
  expect([page.status, page.text.includes('Revoked')]).toEqual([200, true])
}

async function revokeAll(chosen: readonly string[], by: (id: string) => Promise<void>): Promise<number[]> {
  const polls: number[] = []
  for (let start = 0; start < chosen.length; start += AT_ONCE) {
    const some = chosen.slice(start, start + AT_ONCE)
    const needed = some.map(async (id) => {
      await by(id)
      const count = await pollsUntilRevoked(id)
      await expectRevokedEverywhere(id)
      return count
    })
    polls.push(...(await Promise.all(needed)))
  }
  return polls
}

function describePolls(polls: readonly number[]): string {
  const more = polls.filter((count) => count > 1).length
  return `${more} of ${polls.length} needed more than one poll, at most ${Math.max(...polls)}`
}

describe('of a hundred certificates', () => {
  it('every one is valid everywhere before it is revoked', async () => {
    expect(new Set(ids).size).toBe(CERTIFICATES)
    for (const id of ids) {
      expect(await verify(network, id)).toMatchObject({ verdict: 'valid', reasons: [], status: 'valid' })
      expect((await call(network.baseUrl, `/badges/${id}.svg`)).text).toContain('CodeRisk: valid')
      expect((await call(network.baseUrl, `/v1/trust/certs/${id}`)).json.status).toBe('valid')
    }
    expect((await call(network.baseUrl, `/certs/${ids[0]}`)).text.includes('Revoked')).toBe(false)
  })

  it('fifty are revoked through this edge, and stay the only ones', async () => {
    console.log(describePolls(await revokeAll(ids.filter(even), revokeHere)))
    for (const id of ids.filter(odd)) expect(await verify(network, id)).toMatchObject({ verdict: 'valid' })
  })

  it('fifty are revoked elsewhere', async () => {
    console.log(describePolls(await revokeAll(ids.filter(odd), revokeElsewhere)))
  })

  it('all are still revoked when the Workers have started again', async () => {
    await network.restartWorkers()
    for (const id of ids) {
      expect(await verify(network, id)).toMatchObject({
        verdict: 'invalid',
        reasons: ['revoked'],
        revocation_reason: 'keyCompromise',
      })
    }
    const [row] = await network.sql`SELECT count(*)::int AS n FROM certificates WHERE revoked_at IS NULL`
    expect(row!.n).toBe(0)
  })
})
