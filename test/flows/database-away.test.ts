import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { certificateKey } from '../../schema/kv.ts'
import { CORE } from '../../stack/worker-configuration.ts'
import { incident } from '../support/arc.ts'
import { type Answer, call } from '../support/client.ts'
import { freeze } from '../support/freeze.ts'
import { expectNoHalfRow, expectPublished } from '../support/invariants.ts'
import { expectProblem, issue, issueId, revoke, SMALL_CHANGE, verify } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })
const PATIENCE = { timeout: 30_000, interval: 100 }

/** What the edge has seen before the database goes away. */
interface Before {
  readonly warm: string
  readonly revoked: string
  /** Published to KV and never asked for since. */
  readonly inKvOnly: string
}

async function prepare(network: Network): Promise<Before> {
  const [warm, revoked, inKvOnly] = [await issueId(network), await issueId(network), await issueId(network)]
  // The first may be the core's own word; the second rests on the status list, which this edge then holds.
  for (let i = 0; i < 2; i++) expect((await verify(network, warm)).verdict).toBe('valid')
  await revoke(network, revoked, 'privilegeWithdrawn')
  await vi.waitUntil(async () => (await verify(network, revoked)).status === 'revoked', PATIENCE)
  const kv = await network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)
  await vi.waitUntil(async () => (await kv.get(certificateKey(inKvOnly))) !== null, PATIENCE)
  // A certificate that came from the core just now brings its status with it: only this reads the status list.
  for (const id of [warm, revoked]) expect((await verify(network, id)).status_source).toBe('core')
  return { warm, revoked, inKvOnly }
}

const get = (network: Network, path: string): Promise<Answer> => call(network.baseUrl, path)

/** Each kind of write, always with the same Idempotency-Key. */
function writes(network: Network, { warm }: Before): (() => Promise<Answer>)[] {
  const { api_key: key, operator_key: operator } = network.tenants
  const send =
    (path: string, by: string, body: object, method = 'POST') =>
    () =>
      call(network.baseUrl, path, { method, key: by, body, headers: { 'idempotency-key': 'while-away' } })
  return [
    send('/v1/trust/verify', key, SMALL_CHANGE),
    send(`/v1/trust/certs/${warm}/revoke`, key, {}),
    send('/v1/keys', key, { name: 'x', scopes: ['certificates:read'] }),
    send('/v1/organisations', operator, { name: 'x' }),
    send('/v1/organisation', key, { coverage_threshold: 0.5 }, 'PATCH'),
    send(`/v1/trust/certs/${warm}/outcome`, key, { caused_incident: true }),
    send('/v1/arc/recorded', key, incident()),
  ]
}

async function counts(network: Network) {
  const [row] = await network.sql<{ certificates: number; revoked: number; organisations: number }[]>`
    SELECT (SELECT count(*)::int FROM certificates) AS certificates,
      (SELECT count(*)::int FROM certificates WHERE revoked_at IS NOT NULL) AS revoked,
      (SELECT count(*)::int FROM organisations) AS organisations`
  return { ...row! }
}

describe.each([
  [
    'stopped',
    async (network: Network) => {
      await network.cluster().stop()
      return () => network.restartDatabase()
    },
  ],
  [
    'killed',
    async (network: Network) => {
      process.kill(network.cluster().pid, 'SIGKILL')
      return () => network.restartDatabase()
    },
  ],
  [
    'frozen',
    async (network: Network) => {
      const { thaw } = freeze(network.cluster().pid)
      return async () => thaw()
    },
  ],
] as const)('with PostgreSQL %s', (_, takeAway) => {
  let network: Network
  let before: Before
  let rows: Awaited<ReturnType<typeof counts>>
  let bringBack: () => Promise<void>
  beforeAll(async () => {
    network = await startNetwork()
    before = await prepare(network)
    rows = await counts(network)
    bringBack = await takeAway(network)
  })
  afterAll(async () => {
    await bringBack?.().catch(() => {})
    await network?.stop()
  })

  it('look-ups, verdicts, badges, pages and keys go on, and say how old their status is', async () => {
    for (const id of [before.warm, before.inKvOnly]) {
      expect((await get(network, `/v1/trust/certs/${id}`)).json).toMatchObject({
        certificate_id: id,
        status: 'valid',
      })
      await vi.waitUntil(
        async () => (await verify(network, id)).status_source === 'last_known_shard',
        PATIENCE,
      )
      const [first, second] = [await verify(network, id), await verify(network, id)]
      expect(first).toMatchObject({ verdict: 'valid', reasons: [], signature_valid: true })
      expect(second.status_as_of).toBe(first.status_as_of)
      expect((await get(network, `/badges/${id}.svg`)).text).toContain('CodeRisk: valid')
      expect((await get(network, `/certs/${id}`)).status).toBe(200)
    }
    expect(await verify(network, before.revoked)).toMatchObject({
      verdict: 'invalid',
      reasons: ['revoked'],
      revocation_reason: 'privilegeWithdrawn',
    })
    const shown = (await get(network, `/v1/trust/certs/${before.warm}`)).json
    const check = await call(network.baseUrl, '/v1/trust/verify-signature', { body: shown })
    expect(check.json).toMatchObject({ verdict: 'valid', status_source: 'last_known_shard' })
    for (const path of [
      '/',
      '/docs',
      '/verify',
      '/healthz',
      '/openapi.json',
      '/arc',
      '/v1/arc',
      '/v1/arc/ARC-2026-001',
      '/.well-known/jwks.json',
      '/.well-known/coderisk/trust-root.json',
    ]) {
      expect((await get(network, path)).status, path).toBe(200)
    }
  })

  it('what only the core knows is said to be unavailable, and not to be absent', async () => {
    const unknown = 'CERT-2026-0000000000000000'
    const [answer, verification, badge, page] = await Promise.all([
      get(network, `/v1/trust/certs/${unknown}`),
      verify(network, unknown),
      get(network, `/badges/${unknown}.svg`),
      get(network, `/certs/${unknown}`),
    ])
    expectProblem(answer, 503, 'core_unavailable')
    expect(answer.headers['retry-after']).toMatch(/^\d+$/)
    expect(verification).toMatchObject({
      certificate_id: unknown,
      verdict: 'indeterminate',
      status: 'unknown',
      status_source: 'none',
    })
    expect([badge.status, badge.text.includes('CodeRisk: unknown')]).toEqual([200, true])
    expect(page.status).toBe(503)
  })

  it('writes and private reads get 503 with the code and Retry-After', async () => {
    const { api_key: key } = network.tenants
    const reads = [
      '/v1/trust/certs',
      `/v1/trust/certs/${before.warm}/report`,
      '/v1/keys',
      '/v1/organisation',
      '/v1/arc/recorded',
    ]
    const answers = await Promise.all([
      ...writes(network, before).map((send) => send()),
      ...reads.map((path) => call(network.baseUrl, path, { key })),
      call(network.baseUrl, '/metrics', { key: network.tenants.operator_key }),
    ])
    for (const answer of answers) {
      expectProblem(answer, 503, 'database_unavailable')
      expect(answer.headers['retry-after']).toMatch(/^\d+$/)
    }
  })

  it('/readyz names the database and nothing else', async () => {
    const answer = await get(network, '/readyz')
    expect([answer.status, answer.json]).toEqual([
      503,
      {
        status: 'degraded',
        components: { edge: 'ok', trust_root: 'ok', kv: 'ok', core: 'ok', database: 'unavailable' },
      },
    ])
  })

  it('everything works again by itself when it is back, and nothing is lost', async () => {
    await bringBack()
    await vi.waitUntil(async () => (await get(network, '/readyz')).status === 200, PATIENCE)
    // Refused writes left nothing behind, and the same requests, sent again, are done once.
    await vi.waitUntil(async () => (await verify(network, before.warm)).status_source === 'core', PATIENCE)
    expect(await verify(network, before.warm)).toMatchObject({ verdict: 'valid', reasons: [] })
    expect(await counts(network)).toEqual(rows)
    for (const send of writes(network, before)) {
      const first = await vi.waitFor(async () => {
        const answer = await send()
        expect(answer.status, answer.text).toBeLessThan(300)
        return answer
      }, PATIENCE)
      const second = await send()
      expect([second.status, second.headers['idempotency-replayed']], second.text).toEqual([
        first.status,
        'true',
      ])
    }
    expect(await counts(network)).toEqual({
      certificates: rows.certificates + 1,
      revoked: rows.revoked + 1,
      organisations: rows.organisations + 1,
    })
    await vi.waitUntil(async () => (await verify(network, before.warm)).status === 'revoked', PATIENCE)
    expect(await verify(network, before.inKvOnly)).toMatchObject({ verdict: 'valid', status_source: 'core' })
    expect((await issue(network)).status).toBe(201)
    await expectNoHalfRow(network)
    // The last writes may be on their way to KV, leased by the host that took them.
    await vi.waitFor(() => expectPublished(network), PATIENCE)
  })
})

describe('when the status is older than what decides', () => {
  let network: Network
  let before: Before
  beforeAll(async () => {
    network = await startNetwork({ variables: { STATUS_MAX_STALENESS_S: '1' } })
    before = await prepare(network)
    await network.cluster().stop()
  })
  afterAll(() => network?.stop())

  it('no verdict is given but that a revocation stays one', async () => {
    await vi.waitUntil(async () => (await verify(network, before.warm)).verdict === 'indeterminate', PATIENCE)
    const verdict = await verify(network, before.warm)
    expect(verdict).toMatchObject({
      reasons: ['status_stale'],
      status: 'unknown',
      status_source: 'last_known_shard',
      signature_valid: true,
    })
    expect(Date.parse(verdict.status_as_of)).toBeLessThan(Date.now())
    expect((await get(network, `/badges/${before.warm}.svg`)).text).toContain('CodeRisk: unknown')
    expect((await get(network, `/v1/trust/certs/${before.warm}`)).json.status).toBe('unknown')
    expect(await verify(network, before.revoked)).toMatchObject({
      verdict: 'invalid',
      reasons: ['revoked'],
      status: 'revoked',
    })
    expect((await get(network, `/badges/${before.revoked}.svg`)).text).toContain('CodeRisk: revoked')
  })
})

describe('when the Workers start again while the database is away', () => {
  let network: Network
  let before: Before
  beforeAll(async () => {
    network = await startNetwork()
    before = await prepare(network)
    await verify(network, before.inKvOnly)
    await network.cluster().stop()
    await network.restartWorkers()
  })
  afterAll(() => network?.stop())

  it('what was published still verifies, by the bits that were kept', async () => {
    for (const id of [before.warm, before.inKvOnly]) {
      // The bits may have been kept so lately that they count as live for a moment; the signed list may be newer than they.
      await vi.waitUntil(async () => (await verify(network, id)).status_source !== 'core', PATIENCE)
      expect(await verify(network, id)).toMatchObject({
        verdict: 'valid',
        signature_valid: true,
        status_as_of: expect.any(String),
      })
    }
    expect(await verify(network, before.revoked)).toMatchObject({ verdict: 'invalid', reasons: ['revoked'] })
    expect((await get(network, '/.well-known/jwks.json')).json.keys.length).toBe(1)
  })

  it('and is live again once the database is back', async () => {
    await network.restartDatabase()
    await vi.waitUntil(async () => (await verify(network, before.warm)).status_source === 'core', PATIENCE)
    await vi.waitUntil(async () => (await issue(network)).status === 201, PATIENCE)
    expect(await verify(network, before.revoked)).toMatchObject({ revocation_reason: 'privilegeWithdrawn' })
  })
})

describe('when the database goes away right after the first look-up, which only the core could answer', () => {
  let network: Network
  afterAll(() => network?.stop())

  it('the certificate still verifies', async () => {
    network = await startNetwork()
    const kv = await network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)
    const id = await issueId(network)
    expect((await verify(network, id)).verdict).toBe('valid')
    await vi.waitUntil(async () => (await kv.get(certificateKey(id))) !== null, PATIENCE)
    await network.cluster().stop()
    const stopped = await vi.waitUntil(async () => {
      const answer = await verify(network, id)
      return answer.status_source === 'core' ? null : answer
    }, PATIENCE)
    expect(stopped).toMatchObject({ verdict: 'valid', reasons: [], status_source: 'last_known_shard' })
  })
})
