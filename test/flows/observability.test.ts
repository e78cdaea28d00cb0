import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, type Call, call } from '../support/client.ts'
import {
  expectProblem,
  issue,
  issueId,
  makeKey,
  makeOrganisation,
  revoke,
  SMALL_CHANGE,
  verify,
} from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const PATIENCE = { timeout: 30_000, interval: 100 }
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const HOURLY = '17 * * * *'

/** Each is sent somewhere below, and none may be found again. */
const CODE = 'submitted-code-marker-x8'
const BEFORE = 'previous-code-marker-k3'
const MESSAGE = 'commit-message-marker-q9'
const SECRET = ['AKIA', 'QX7TZ4WJ2MNPK5VB'].join('')
const GUESSED_KEY = 'cr_live_guessed-key-marker-j2'
const HOSTILE = "'; SELECT hostile_marker_m5; --"
const REFUSED_NAME = 'name-marker-of-a-refused-row-w4'
const CHANGE = {
  ai_tool: 'x-v1',
  commit_message: MESSAGE,
  files: [
    { path: 'a.ts', content: `// ${CODE}\nconst key = '${SECRET}'\n`, previous_content: `// ${BEFORE}\n` },
  ],
}

type Line = Readonly<Record<string, unknown>>

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

const logged = (): Line[] => network.workerLog().map((line) => JSON.parse(line))

/** The line of a request, once it has been written. */
async function lineOf(answer: Answer): Promise<Line> {
  const id = answer.headers['x-request-id']
  expect(id).toEqual(expect.any(String))
  const find = () => logged().find((line) => line.message === 'request' && line.request_id === id)
  return vi.waitUntil(find, PATIENCE)
}

describe('the line of a request', () => {
  it('has its id, trace, method, pattern of the route and status', async () => {
    const { api_key: key, operator_key: operator, organisation_id: organisation } = network.tenants
    const id = await issueId(network)
    const made = await makeKey(network, ['certificates:read'])
    const calls: [string, string, Call, string, number][] = [
      ['POST', '/v1/trust/verify', { key, body: SMALL_CHANGE }, '/v1/trust/verify', 201],
      ['POST', '/v1/trust/verify', { key, body: {} }, '/v1/trust/verify', 422],
      ['POST', '/v1/trust/verify', { body: {} }, '/v1/trust/verify', 401],
      ['GET', '/v1/trust/certs?limit=1', { key }, '/v1/trust/certs', 200],
      ['GET', `/v1/trust/certs/${id}/report`, { key }, '/v1/trust/certs/:id/report', 200],
      ['POST', `/v1/trust/certs/${id}/revoke`, { key, body: {} }, '/v1/trust/certs/:id/revoke', 200],
      ['POST', `/v1/trust/certs/${id}/revoke`, { key, body: {} }, '/v1/trust/certs/:id/revoke', 409],
      ['GET', '/v1/keys', { key: made.key }, '/v1/keys', 403],
      ['DELETE', `/v1/keys/${made.id}`, { key }, '/v1/keys/:id', 200],
      ['POST', '/v1/organisations', { key: operator, body: { name: 'Logged' } }, '/v1/organisations', 201],
      ['GET', '/metrics', { key: operator }, '/metrics', 200],
      ['GET', `/v1/nothing/${id}`, { key }, 'unmatched', 404],
    ]
    for (const [method, path, options, route, status] of calls) {
      const answer = await call(network.baseUrl, path, { method, ...options })
      const line = await lineOf(answer)
      const trace = expect.stringMatching(/^(?!0{32})[0-9a-f]{32}$/)
      expect(line, `${method} ${path}`).toMatchObject({
        method,
        route,
        status,
        level: 'info',
        trace_id: trace,
      })
      expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(status)
      if (options.key === key && route !== 'unmatched') expect(line.organisation_id).toBe(organisation)
    }
  })

  it('goes on with the trace of the caller, and with none that is malformed', async () => {
    const list = async (traceparent: string) =>
      (
        await lineOf(
          await call(network.baseUrl, '/v1/trust/certs', {
            key: network.tenants.api_key,
            headers: { traceparent },
          }),
        )
      ).trace_id
    expect(await list(`00-${TRACE}-00f067aa0ba902b7-01`)).toBe(TRACE)
    for (const bad of [
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
      TRACE,
      `${'x'.repeat(5_000)}`,
    ]) {
      expect(await list(bad), bad.slice(0, 60)).toMatch(/^(?!0{32}$|4bf92f35)[0-9a-f]{32}$/)
    }
  })

  it("has an id that is the answer's, made here and not by the caller", async () => {
    const headers = { 'x-request-id': 'chosen-by-the-caller' }
    const refused = await issue(network, {}, { headers })
    expectProblem(refused, 422, 'invalid_input')
    expect(refused.headers['x-request-id']).not.toBe(headers['x-request-id'])
    expect((await lineOf(refused)).request_id).toBe(refused.json.request_id)
  })
})

describe('an answer of the edge that refuses', () => {
  it('has the id of the request in its header too', async () => {
    const unknown = 'CERT-2026-0000000000000000'
    expectProblem(await call(network.baseUrl, `/v1/trust/certs/${unknown}`), 404, 'certificate_not_found')
    expectProblem(
      await call(network.baseUrl, `/v1/trust/certs/${unknown}/verify`),
      404,
      'certificate_not_found',
    )
    expectProblem(await call(network.baseUrl, '/nothing'), 404, 'route_not_found')
    expectProblem(
      await call(network.baseUrl, '/healthz', { method: 'POST', body: {} }),
      405,
      'method_not_allowed',
    )
  })
})

describe('/metrics', () => {
  it('is for operators', async () => {
    expectProblem(await call(network.baseUrl, '/metrics'), 401, 'authentication_required')
    expectProblem(
      await call(network.baseUrl, '/metrics', { key: network.tenants.api_key }),
      403,
      'scope_missing',
    )
  })

  it('is Prometheus text: every series once, in a family that says its help and type', async () => {
    await issueId(network)
    const answer = await call(network.baseUrl, '/metrics', { key: network.tenants.operator_key })
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.text.endsWith('\n')).toBe(true)
    const { types, series } = parseExposition(answer.text)
    expect(
      series.get('coderisk_core_requests_total{method="POST",route="/v1/trust/verify",status="201"}'),
    ).toBeGreaterThan(0)
    expect(series.get('coderisk_certificates')).toBeGreaterThan(0)
    expect(types.get('coderisk_certificates')).toBe('gauge')
    expect(types.get('coderisk_edge_certificate_core_reads_total')).toBe('counter')
    expect(answer.text).not.toMatch(/CERT-\d{4}-|cr_(live|test)_/)
  })
})

describe('what no log says', () => {
  const secrets = new Map<string, string>()
  let hidden: string[]

  /** Requests of every kind that succeed, and of every kind that do not. */
  async function sendEverything(): Promise<void> {
    const { api_key: key, operator_key: operator } = network.tenants
    const raw = (body: string, headers = { 'content-type': 'application/json' }) =>
      issue(network, {}, { body, headers })
    const id = await issueId(network, CHANGE, { headers: { 'idempotency-key': 'kept' } })
    hidden.push(id)
    const made = await makeKey(network, ['certificates:write', 'certificates:read'])
    const other = await makeOrganisation(network, HOSTILE)
    secrets.set('a made key', made.key).set("another organisation's key", other.api_key)
    const text = JSON.stringify(CHANGE)
    const twice = await Promise.all(
      [1, 2, 3, 4].map(() => issue(network, CHANGE, { headers: { 'idempotency-key': 'at-once' } })),
    )
    hidden.push(
      ...twice.filter((answer) => answer.status === 201).map((answer) => answer.json.certificate_id),
    )
    const shown = (await call(network.baseUrl, `/v1/trust/certs/${id}`)).json
    const answers = await Promise.all([
      issue(network, { ...CHANGE, path_privacy: 'hashed' }, { key: made.key }),
      issue(network, { ...CHANGE, ttl_days: CODE }),
      issue(network, { ...CHANGE, [CODE]: SECRET }),
      issue(network, { ...CHANGE, user_id: HOSTILE, framework: HOSTILE }),
      issue(network, { ...CHANGE, files: [{ path: `../${SECRET}`, content: CODE }] }),
      issue(network, { ...CHANGE, files: [{ ...CHANGE.files[0], patch: `@@ ${CODE}` }] }),
      issue(network, {
        ...CHANGE,
        files: [{ path: 'a', content: `at ${CODE}\n    at ${SECRET} (x:1:1)\u0000` }],
      }),
      issue(network, { ...CHANGE, code: CODE.repeat(100_000) }),
      issue(network, CHANGE, { headers: { 'idempotency-key': 'kept' } }),
      issue(network, { ...CHANGE, ttl_days: 30 }, { headers: { 'idempotency-key': 'kept' } }),
      issue(network, CHANGE, { key: GUESSED_KEY }),
      issue(network, CHANGE, { headers: { authorization: `Basic ${key}` } }),
      raw(text.slice(0, -1)),
      raw(text, { 'content-type': 'text/plain' }),
      raw(`${'['.repeat(100)}"${CODE}"`),
      call(network.baseUrl, `/v1/${key}`, { key }),
      call(network.baseUrl, `/v1/trust/certs/${key}/report?${SECRET}=${CODE}`, { key }),
      call(network.baseUrl, `/v1/trust/certs?cursor=${key}`, { key }),
      call(network.baseUrl, '/v1/keys', { key, body: { name: SECRET, scopes: [CODE] } }),
      call(network.baseUrl, '/v1/keys', { key: other.api_key }),
      call(network.baseUrl, '/v1/trust/verify-signature', { body: { ...shown, ai_tool: CODE } }),
      call(network.baseUrl, '/v1/trust/verify-signature', { method: 'POST', body: CODE }),
      call(network.baseUrl, `/certs/${id}?${CODE}`),
      call(network.baseUrl, `/badges/${id}.svg?label=${SECRET}`),
      call(network.baseUrl, '/metrics', { key: operator }),
    ])
    for (const answer of answers) expect(answer.status, answer.text.slice(0, 200)).toBeLessThan(500)
    hidden.push(
      ...answers.filter((answer) => answer.status === 201).map((answer) => answer.json.certificate_id),
    )
    expect((await verify(network, id)).verdict).toBe('valid')
    expect((await revoke(network, id)).status).toBe(200)
    expect((await call(network.baseUrl, `/v1/keys/${made.id}`, { method: 'DELETE', key })).status).toBe(200)
    expectProblem(await issue(network, CHANGE, { key: made.key }), 401, 'api_key_revoked')
  }

  /** A statement that the database refuses: its error quotes the values of the statement, and of the row. */
  async function sendWhatTheDatabaseRefuses(): Promise<void> {
    const refused = async (table: string, send: () => Promise<Answer>) => {
      await network.sql.unsafe(`ALTER TABLE ${table} ADD CONSTRAINT refuses_all CHECK (false) NOT VALID`)
      expectProblem(await send(), 500, 'internal_error')
      await network.sql.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT refuses_all`)
    }
    const { api_key: key } = network.tenants
    await refused('certificates', () => issue(network, CHANGE))
    await refused('api_keys', () =>
      call(network.baseUrl, '/v1/keys', { key, body: { name: REFUSED_NAME, scopes: ['certificates:read'] } }),
    )
  }

  /** The same while PostgreSQL goes away, is away, and comes back. */
  async function sendWithoutDatabase(): Promise<Answer> {
    const underWay = Array.from({ length: 12 }, () => issue(network, CHANGE))
    await network.cluster().stop()
    for (const answer of await Promise.all(underWay)) {
      if (answer.status === 201) hidden.push(answer.json.certificate_id)
      else expectProblem(answer, 503, 'database_unavailable')
    }
    const refused = await issue(network, CHANGE)
    expectProblem(refused, 503, 'database_unavailable')
    expectProblem(await revoke(network, hidden[0]!), 503, 'database_unavailable')
    expectProblem(
      await call(network.baseUrl, '/v1/keys', { key: network.tenants.api_key }),
      503,
      'database_unavailable',
    )
    const missing = 'CERT-2026-0000000000000001'
    hidden.push(missing)
    expectProblem(await call(network.baseUrl, `/v1/trust/certs/${missing}`), 503, 'core_unavailable')
    await expect(network.workers().runCron(HOURLY)).rejects.toThrow()
    await network.restartDatabase()
    await vi.waitUntil(async () => (await issue(network, CHANGE)).status === 201, PATIENCE)
    await network.workers().runCron(HOURLY)
    return refused
  }

  beforeAll(async () => {
    hidden = []
    const { tenants, secrets: own } = network
    secrets.set('an API key', tenants.api_key).set("the operator's key", tenants.operator_key)
    secrets.set('the key-encryption secret', own.key_encryption_secret)
    secrets.set("the network root's private key", own.network_root_key.d!)
    secrets.set("the owner's password", own.owner_password)
    secrets.set("the application's password", new URL(network.provisioning.appDatabaseUrl).password)
    for (const [name, value] of Object.entries({ CODE, BEFORE, MESSAGE, SECRET, GUESSED_KEY, REFUSED_NAME }))
      secrets.set(name, value)
    secrets.set('hostile text', 'hostile_marker_m5')
    await sendEverything()
    await sendWhatTheDatabaseRefuses()
    const refused = await sendWithoutDatabase()
    const rows =
      await network.sql`SELECT kid, encode(sealed_private_key, 'base64') AS base64, encode(sealed_private_key, 'hex') AS hex FROM signing_keys`
    for (const row of rows)
      secrets.set(`${row.kid}, base64`, row.base64.slice(0, 60)).set(`${row.kid}, hex`, row.hex.slice(0, 60))
    await lineOf(refused)
  })

  it('the Workers: neither keys, nor code, nor what was found in it, nor their own secrets', () => {
    expectNone(network.workerLog().join('\n'))
  })

  it('PostgreSQL: neither', () => {
    const log = network.postgresLog()
    expect(log).toContain('database system is ready to accept connections')
    expectNone(log)
  })

  it('the Workers: no id of a certificate, which is the authority to see it', () => {
    expect(hidden.length).toBeGreaterThan(5)
    const log = network.workerLog().join('\n')
    expect(hidden.filter((id) => log.includes(id))).toEqual([])
  })

  it('and every line is JSON, with its time, level and message where we wrote it', () => {
    const lines = logged()
    expect(lines.length).toBeGreaterThan(40)
    for (const line of lines) {
      expect(line).toMatchObject({ level: expect.any(String), message: expect.any(String) })
    }
    for (const line of lines.filter((one) => one.message === 'request')) {
      expect(Object.keys(line)).toEqual(
        expect.arrayContaining([
          'time',
          'request_id',
          'trace_id',
          'method',
          'route',
          'status',
          'duration_ms',
        ]),
      )
    }
    const failed = lines.find((line) => line.message === 'request failed')
    expect(failed).toMatchObject({
      level: 'error',
      request_id: expect.any(String),
      trace_id: expect.any(String),
      error: expect.any(String),
    })
  })

  function expectNone(log: string): void {
    for (const value of secrets.values()) expect(value.length).toBeGreaterThan(12)
    expect([...secrets].filter(([, value]) => log.includes(value)).map(([name]) => name)).toEqual([])
    expect(log).not.toMatch(/PRIVATE KEY|"d":"|cr_(live|test)_/)
  }
})

/** Prometheus text exposition format 0.0.4, strictly: HELP, then TYPE, then the family's series. */
function parseExposition(text: string) {
  const types = new Map<string, string>()
  const series = new Map<string, number>()
  let family = ''
  for (const line of text.trimEnd().split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line)
    if (comment?.[1] === 'HELP') {
      family = comment[2]!
      expect(types.has(family), `${family} comes once`).toBe(false)
    } else if (comment !== null) {
      expect(comment[2], line).toBe(family)
      expect(['counter', 'gauge'], line).toContain(comment[3])
      types.set(family, comment[3]!)
    } else {
      const sample =
        /^([a-zA-Z_:][\w:]*)(\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(
          line,
        )
      expect(sample, line).not.toBeNull()
      expect([sample![1], types.has(family)], line).toEqual([family, true])
      const name = `${sample![1]}${sample![2] ?? ''}`
      expect(series.has(name), `${name} comes once`).toBe(false)
      series.set(name, Number(sample![3]))
    }
  }
  return { types, series }
}
