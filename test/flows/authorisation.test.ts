import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { generateApiKey } from '../../core/organisations/api-key.ts'
import { parseProof } from '../../core/verify/log/proof.ts'
import { ROUTES } from '../../schema/wire/routes.ts'
import { SCOPES, type Scope } from '../../schema/wire/vocabulary.ts'
import { CRONS } from '../../workers/core/crons.ts'
import { recordIncident } from '../support/arc.ts'
import { BODIES, NEEDS } from '../support/authorisation.ts'
import { type Answer, call } from '../support/client.ts'
import {
  expectProblem,
  issue,
  issueId,
  makeKey,
  makeOrganisation,
  type NewKey,
  SMALL_CHANGE,
  verify,
} from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let network: Network
/** Of the demo organisation: what others must not reach. */
let certificateId: string
let victim: NewKey
/** An entry of the demo organisation's that is offered, for an operator to decide on. */
let entryId: string
let single: Record<Scope, string>
let revoked: string
let other: { id: string; api_key: string }
let testKey: string
/** Of the live signing key. */
let kid: string
/** The name of a tile that is there. */
let tile: string

beforeAll(async () => {
  network = await startNetwork()
  certificateId = await issueId(network)
  const [signing] = await network.sql`SELECT kid FROM signing_keys WHERE livemode`
  kid = signing!.kid
  victim = await makeKey(network, ['certificates:read'])
  entryId = await recordIncident(network)
  await call(network.baseUrl, `/v1/arc/recorded/${entryId}/offer`, {
    method: 'POST',
    key: network.tenants.api_key,
  })
  const dead = await makeKey(network, ['certificates:write', 'certificates:read', 'keys:manage'])
  revoked = dead.key
  await call(network.baseUrl, `/v1/keys/${dead.id}`, { method: 'DELETE', key: network.tenants.api_key })
  other = await makeOrganisation(network)
  const own = async (scope: Scope) => (await makeKey(network, [scope])).key
  single = {
    'certificates:write': await own('certificates:write'),
    'certificates:read': await own('certificates:read'),
    'insurance:write': await own('insurance:write'),
    'insurance:read': await own('insurance:read'),
    'keys:manage': await own('keys:manage'),
    operator: (await makeKey(network, ['operator'], { by: network.tenants.operator_key })).key,
  }
  testKey = (
    await makeKey(
      network,
      ['certificates:write', 'certificates:read', 'insurance:write', 'insurance:read', 'keys:manage'],
      { livemode: false },
    )
  ).key
  tile = await publishLog()
})
afterAll(() => network?.stop())

/** Waits until the log has the certificate, and has status lists signed. @returns the tile of its checkpoint */
async function publishLog(): Promise<string> {
  await network.workers().runCron(CRONS.outbox)
  const proof = await vi.waitFor(
    async () => {
      const { text, status } = await call(network.baseUrl, `/v1/trust/certs/${certificateId}.tlog-proof`)
      expect(status, text).toBe(200)
      return parseProof(text)!
    },
    { timeout: 20_000, interval: 200 },
  )
  return `000.p/${proof.checkpoint.split('\n')[1]}`
}

type Route = (typeof ROUTES)[number]
const PRIVATE = ROUTES.filter((route) => 'security' in route)
/** Webhooks that come in bear a signature instead. */
const PUBLIC = ROUTES.filter((route) => !('security' in route) && !route.path.startsWith('/webhooks/'))

function send(route: Route, authorization: string | undefined): Promise<Answer> {
  const body = BODIES[route.operationId]?.()
  return call(network.baseUrl, concrete(route), {
    method: route.method.toUpperCase(),
    headers: authorization === undefined ? {} : { authorization },
    ...(body === undefined ? {} : { body }),
  })
}

/** Of the routes that do not answer without one. */
const QUERIES: Record<string, string> = { getInclusionProof: '?index=0', getConsistencyProof: '?from=1' }

function concrete({ path, operationId }: Route): string {
  const named = path.replace('{id}', idFor(path)).replace('{kid}', kid).replace('{name}', 'basic')
  const inLog = named.replace('{list}', '0').replace('{level}', '0').replace('{tile}', tile)
  return inLog + (QUERIES[operationId] ?? '')
}

function idFor(path: string): string {
  if (path.startsWith('/v1/keys')) return victim.id
  if (path.startsWith('/v1/arc/recorded')) return entryId
  const other = IDS.find(([prefix]) => path.startsWith(prefix))
  if (other !== undefined) return other[1]
  return path.startsWith('/v1/arc') ? 'ARC-2026-001' : certificateId
}

/** Of what is not there: what must be refused is refused before anything is looked for. */
const IDS = [
  ['/v1/insurance/policies', 'INS-2026-0000000000000000'],
  ['/v1/review/policies', 'INS-2026-0000000000000000'],
  ['/v1/insurance/claims', 'CLM-2026-0000000000000000'],
  ['/v1/review/claims', 'CLM-2026-0000000000000000'],
  ['/v1/reinsurance/claims', 'CLM-2026-0000000000000000'],
  ['/v1/incidents', 'INC-2026-0000000000000000'],
  ['/v1/integrations', 'int_0000000000000000'],
  ['/v1/webhook-endpoints', 'whe_0000000000000000'],
  ['/v1/webhook-deliveries', 'dlv_0000000000000000'],
  ['/v1/invoices', 'inv_0000000000000000'],
  ['/v1/organisations', 'org_0000000000000000'],
] as const

describe('every route that takes a key', () => {
  it('is in the table of this test', () => {
    expect(PRIVATE.map((route) => route.operationId).toSorted()).toEqual(Object.keys(NEEDS).toSorted())
  })

  const wrong: [string, () => string | undefined, number, string][] = [
    ['no key', () => undefined, 401, 'authentication_required'],
    ['an empty header', () => '', 401, 'authentication_required'],
    ['another scheme', () => `Basic ${btoa(`x:${network.tenants.api_key}`)}`, 401, 'authentication_required'],
    ['a bare key', () => network.tenants.api_key, 401, 'authentication_required'],
    ['two keys', () => `Bearer ${network.tenants.api_key}, Bearer x`, 401, 'authentication_required'],
    ['a malformed key', () => 'Bearer cr_live_tooshort', 401, 'api_key_invalid'],
    [
      'a key with a wrong checksum',
      () => `Bearer ${network.tenants.api_key.slice(0, -1)}-`,
      401,
      'api_key_invalid',
    ],
    ['SQL for a key', () => "Bearer ';DROP/**/TABLE/**/api_keys;--", 401, 'api_key_invalid'],
    ['an unknown key', () => `Bearer ${generateApiKey({ bytes: freshBytes }, true)}`, 401, 'api_key_invalid'],
    ['a revoked key', () => `Bearer ${revoked}`, 401, 'api_key_revoked'],
  ]
  for (const route of PRIVATE) {
    it.each(wrong)(`refuses ${route.method} ${route.path} with %s`, async (_, header, status, code) => {
      const answer = await send(route, header())
      expectProblem(answer, status, code)
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    })
    it.each(SCOPES.filter((scope) => !NEEDS[route.operationId]?.includes(scope)))(
      `refuses ${route.method} ${route.path} with the scope %s alone`,
      async (scope) => expectProblem(await send(route, `Bearer ${single[scope]}`), 403, 'scope_missing'),
    )
  }

  it('leaves no trace of what it refused', async () => {
    const [counts] = await network.sql`
      SELECT (SELECT count(*)::int FROM organisations WHERE name = 'made by the matrix') AS organisations,
             (SELECT count(*)::int FROM api_keys WHERE name = 'made by the matrix') AS keys,
             (SELECT count(*)::int FROM certificates) AS certificates,
             (SELECT count(*)::int FROM organisation_settings) AS settings,
             (SELECT count(*)::int FROM change_outcomes) AS outcomes,
             (SELECT count(*)::int FROM signing_keys WHERE state = 'compromised') AS compromised,
             (SELECT count(*)::int FROM arc_entries WHERE title = 'made by the matrix') AS entries,
             (SELECT state FROM arc_entries WHERE id = ${entryId}) AS state`
    expect(counts).toEqual({
      organisations: 0,
      keys: 0,
      certificates: 1,
      settings: 0,
      outcomes: 0,
      compromised: 0,
      entries: 0,
      state: 'offered',
    })
    expect((await verify(network, certificateId)).verdict).toBe('valid')
  })
})

describe('another organisation', () => {
  it.each([
    ['POST', () => `/v1/trust/certs/${certificateId}/revoke`, 'certificate_not_found'],
    ['GET', () => `/v1/trust/certs/${certificateId}/report`, 'certificate_not_found'],
    ['POST', () => `/v1/trust/certs/${certificateId}/outcome`, 'certificate_not_found'],
    ['POST', () => `/v1/arc/recorded/${entryId}/offer`, 'arc_entry_not_found'],
    ['DELETE', () => `/v1/keys/${victim.id}`, 'api_key_not_found'],
  ])(
    'cannot tell %s of something that is not its own from something that is not there',
    async (method, path, code) => {
      const body = path().endsWith('/outcome') ? { body: { caused_incident: true } } : {}
      const foreign = await call(network.baseUrl, path(), { method, key: other.api_key, ...body })
      expectProblem(foreign, 404, code)
      const absent = await call(
        network.baseUrl,
        path().replace(/(CERT-\d+-|key_|arc_)\w+/, '$10000000000000000'),
        { method, key: other.api_key, ...body },
      )
      expect({ ...foreign.json, request_id: '' }).toEqual({ ...absent.json, request_id: '' })
    },
  )

  it('sees nothing of ours in its lists', async () => {
    const list = await call(network.baseUrl, '/v1/trust/certs', { key: other.api_key })
    expect(list.json).toEqual({ data: [], next_cursor: null })
    const keys = await call(network.baseUrl, '/v1/keys', { key: other.api_key })
    expect(keys.json.data.map((key: { name: string }) => key.name)).toEqual(['first key'])
    const recorded = await call(network.baseUrl, '/v1/arc/recorded', { key: other.api_key })
    expect(recorded.json).toEqual({ data: [], next_cursor: null })
    const organisation = await call(network.baseUrl, '/v1/organisation', { key: other.api_key })
    expect(organisation.json).toMatchObject({ id: other.id, repositories: [] })
  })

  it('gets nothing out of our cursor', async () => {
    await issueId(network)
    const ours = await call(network.baseUrl, '/v1/trust/certs?limit=1', { key: network.tenants.api_key })
    const cursor = ours.json.next_cursor
    expect(cursor).toEqual(expect.any(String))
    const theirs = await call(network.baseUrl, `/v1/trust/certs?cursor=${cursor}`, { key: other.api_key })
    expect(theirs.json.data).toEqual([])
  })

  it('does not share our idempotency keys', async () => {
    const headers = { 'idempotency-key': 'the-same-for-both' }
    const ours = await issue(network, SMALL_CHANGE, { headers })
    const theirs = await issue(network, SMALL_CHANGE, { headers, key: other.api_key })
    expect(theirs.headers['idempotency-replayed']).toBeUndefined()
    expect(theirs.json.company_id).toBe(other.id)
    expect(theirs.json.certificate_id).not.toBe(ours.json.certificate_id)
  })
})

describe('a key cannot give or reach more than it has', () => {
  it('no scope that it lacks, no live key from a test key, no operator', async () => {
    const make = (key: string, body: object) =>
      call(network.baseUrl, '/v1/keys', { key, body: { name: 'x', ...body } })
    const manager = single['keys:manage']
    for (const scope of SCOPES.filter((candidate) => candidate !== 'keys:manage')) {
      expectProblem(await make(manager, { scopes: ['keys:manage', scope] }), 403, 'scope_missing')
    }
    expectProblem(await make(network.tenants.api_key, { scopes: ['operator'] }), 403, 'scope_missing')
    expectProblem(
      await make(testKey, { scopes: ['certificates:read'], livemode: true }),
      403,
      'scope_missing',
    )
    expectProblem(await make(testKey, { scopes: ['certificates:read'] }), 403, 'scope_missing')
    expect((await make(testKey, { scopes: ['certificates:read'], livemode: false })).status).toBe(201)
  })

  it('an operator reaches every certificate to revoke it, and no report, list or key of others', async () => {
    const id = await issueId(network)
    const operator = network.tenants.operator_key
    expectProblem(
      await call(network.baseUrl, `/v1/trust/certs/${id}/report`, { key: operator }),
      403,
      'scope_missing',
    )
    expectProblem(await call(network.baseUrl, '/v1/trust/certs', { key: operator }), 403, 'scope_missing')
    const foreignKey = await call(network.baseUrl, `/v1/keys/${victim.id}`, {
      method: 'DELETE',
      key: operator,
    })
    expectProblem(foreignKey, 404, 'api_key_not_found')
    const revocation = await call(network.baseUrl, `/v1/trust/certs/${id}/revoke`, {
      key: operator,
      body: {},
    })
    expect(revocation.json).toMatchObject({ status: 'revoked', revocation_reason: 'unspecified' })
    await vi.waitUntil(async () => (await verify(network, id)).status === 'revoked')
  })

  it('a test key rules over nothing that is live', async () => {
    const revocation = await call(network.baseUrl, `/v1/trust/certs/${certificateId}/revoke`, {
      key: testKey,
      body: {},
    })
    expectProblem(revocation, 404, 'certificate_not_found')
    const report = await call(network.baseUrl, `/v1/trust/certs/${certificateId}/report`, { key: testKey })
    expectProblem(report, 404, 'certificate_not_found')
    const deletion = await call(network.baseUrl, `/v1/keys/${victim.id}`, { method: 'DELETE', key: testKey })
    expectProblem(deletion, 404, 'api_key_not_found')
    expect((await verify(network, certificateId)).status).toBe('valid')
  })

  it('no test key is an operator', async () => {
    const answer = await call(network.baseUrl, '/v1/keys', {
      key: network.tenants.operator_key,
      body: { name: 'x', scopes: ['operator'], livemode: false },
    })
    expectProblem(answer, 403, 'scope_missing')
  })

  it('a revoked key stops at once', async () => {
    const short = await makeKey(network, ['certificates:read'])
    expect((await call(network.baseUrl, '/v1/trust/certs', { key: short.key })).status).toBe(200)
    await call(network.baseUrl, `/v1/keys/${short.id}`, { method: 'DELETE', key: network.tenants.api_key })
    expectProblem(await call(network.baseUrl, '/v1/trust/certs', { key: short.key }), 401, 'api_key_revoked')
  })
})

describe('public routes', () => {
  const keys: [string, () => string | undefined][] = [
    ['no key', () => undefined],
    ['a good key', () => `Bearer ${network.tenants.api_key}`],
    ['a revoked key', () => `Bearer ${revoked}`],
    ['garbage', () => 'Bearer \u00ff\u00fe'],
  ]
  for (const route of PUBLIC) {
    it.each(keys)(`answer ${route.method} ${route.path} to anyone, with %s`, async (_, header) => {
      const answer = await send(route, header())
      expect(answer.status, answer.text).toBe(200)
      expect(answer.headers['access-control-allow-origin']).toBe('*')
    })
  }

  it('say to any origin when something is not there', async () => {
    for (const path of ['/v1/trust/certs/CERT-2026-0000000000000000', '/v1/trust/certs/x/verify']) {
      const answer = await call(network.baseUrl, path)
      expectProblem(answer, 404, 'certificate_not_found')
      expect(answer.headers['access-control-allow-origin']).toBe('*')
    }
  })
})

function freshBytes(count: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(count))
}
