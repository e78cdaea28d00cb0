import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { TRUST_ROOT_KEY } from '../../schema/kv.ts'
import { CORE } from '../../stack/worker-configuration.ts'
import { call } from '../support/client.ts'
import { issue, issueId, makeKey, SMALL_CHANGE, verify } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const HOURLY = '17 * * * *'

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

/** As if so many days had passed: everything that has a date is that much older. */
async function passDays(days: number): Promise<void> {
  const age = `${days} days`
  await network.sql`UPDATE signing_keys SET created_at = created_at - ${age}::interval, activated_at = activated_at - ${age}::interval`
}

const states = async () =>
  (await network.sql`SELECT kid, state FROM signing_keys WHERE livemode ORDER BY created_at`).map(
    (row) => row.state,
  )
const publishedKeyIds = async (): Promise<string[]> =>
  (await call(network.baseUrl, '/.well-known/jwks.json')).json.keys.map((key: { kid: string }) => key.kid)
const trustRoot = async () => {
  const { payload } = (await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')).json
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}

describe('the signing key over ninety days and a few', () => {
  let first: { id: string; kid: string }
  let firstRoot: string | null

  it('stays while it is young', async () => {
    const issued = await issue(network)
    first = { id: issued.json.certificate_id, kid: issued.json.signature.public_key_id }
    await network.workers().runCron(HOURLY)
    firstRoot = await (await network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)).get(
      TRUST_ROOT_KEY,
      'text',
    )
    expect(firstRoot).toEqual(expect.any(String))
    expect(await states()).toEqual(['active'])
    expect(await publishedKeyIds()).toEqual([first.kid])
  })

  it('has a successor thirty days before its end, which verifiers are told of', async () => {
    await passDays(61)
    await network.workers().runCron(HOURLY)
    expect(await states()).toEqual(['active', 'pending'])
    await network.restartWorkers()
    expect((await publishedKeyIds()).length).toBe(2)
    expect((await trustRoot()).keys.map((key: { state: string }) => key.state).toSorted()).toEqual([
      'active',
      'pending',
    ])
    expect((await issue(network)).json.signature.public_key_id).toBe(first.kid)
    await network.workers().runCron(HOURLY)
    expect(await states()).toEqual(['active', 'pending'])
  })

  it('is retired when it is due; the old certificates verify, and new ones at once', async () => {
    await passDays(30)
    await network.workers().runCron(HOURLY)
    expect(await states()).toEqual(['retired', 'active'])
    // The edge still holds the trust root of before.
    const next = await issue(network)
    const kid = next.json.signature.public_key_id
    expect(kid).not.toBe(first.kid)
    expect(await verify(network, next.json.certificate_id)).toMatchObject({
      verdict: 'valid',
      signature_valid: true,
    })
    expect(await verify(network, first.id)).toMatchObject({ verdict: 'valid', signature_valid: true })
    await network.restartWorkers()
    expect((await publishedKeyIds()).toSorted()).toEqual([first.kid, kid].toSorted())
    for (const id of [first.id, next.json.certificate_id])
      expect((await verify(network, id)).verdict).toBe('valid')
    expect((await trustRoot()).keys.find((key: { kid: string }) => key.kid === first.kid)).toMatchObject({
      state: 'retired',
      valid_to: expect.any(String),
    })
  })

  it('rotates for test keys too, and those are in no trust root', async () => {
    const rows = await network.sql`SELECT kid, state FROM signing_keys WHERE NOT livemode`
    expect(rows.map((row) => row.state).toSorted()).toEqual(['active', 'retired'])
    const text = JSON.stringify(await trustRoot())
    for (const { kid } of rows) expect(text).not.toContain(kid)
    const test = await makeKey(network, ['certificates:write'], { livemode: false })
    const issued = await issue(network, SMALL_CHANGE, { key: test.key })
    expect((await verify(network, issued.json.certificate_id)).reasons).toContain('test_mode')
  })

  it('each step is in the log, once', async () => {
    const rows = await network.sql`
      SELECT convert_from(entry, 'UTF8')::jsonb ->> 'type' AS type, count(*)::int AS n FROM log_entries
      WHERE convert_from(entry, 'UTF8')::jsonb ->> 'type' LIKE 'key.%' GROUP BY 1 ORDER BY 1`
    expect(rows.map((row) => [row.type, row.n])).toEqual([
      ['key.activated', 2],
      ['key.created', 4],
      ['key.retired', 2],
    ])
  })

  it('an edge that finds only the first trust root in KV does not call the new key unknown', async () => {
    const id = await issueId(network)
    const kv = await network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)
    await kv.put(TRUST_ROOT_KEY, firstRoot!)
    await network.restartWorkers()
    await vi.waitUntil(async () => (await verify(network, id)).verdict === 'valid', {
      timeout: 20_000,
      interval: 500,
    })
  })
})
