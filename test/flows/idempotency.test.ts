import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, call } from '../support/client.ts'
import { expectProblem, issue, issueId, makeKey, SMALL_CHANGE } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const CONCURRENT = 30

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

const idempotent = (key: string) => ({ 'idempotency-key': key })
const countCertificates = async () =>
  (await network.sql`SELECT count(*)::int AS n FROM certificates`)[0]!.n as number

describe('issuing', () => {
  it('again with the same key and body gets the same bytes', async () => {
    const before = await countCertificates()
    const first = await issue(network, SMALL_CHANGE, { headers: idempotent('again') })
    const second = await issue(network, SMALL_CHANGE, { headers: idempotent('again') })
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([201, undefined])
    expect([second.status, second.headers['idempotency-replayed']]).toEqual([201, 'true'])
    expect(second.bytes.equals(first.bytes)).toBe(true)
    expect(await countCertificates()).toBe(before + 1)
  })

  it('with the same key and another body is refused, were it only another order', async () => {
    const body = JSON.stringify(SMALL_CHANGE)
    const headers = { ...idempotent('other-body'), 'content-type': 'application/json' }
    const first = await issue(network, {}, { body, headers })
    for (const other of [
      `${body} `,
      JSON.stringify({ ...SMALL_CHANGE, ttl_days: 30 }),
      JSON.stringify({ files: SMALL_CHANGE.files, ai_tool: SMALL_CHANGE.ai_tool }),
    ]) {
      expectProblem(await issue(network, {}, { body: other, headers }), 422, 'idempotency_key_reused')
    }
    expect((await issue(network, {}, { body, headers })).text).toBe(first.text)
  })

  it('thirty at once with one key makes one certificate', async () => {
    for (const round of ['a', 'b', 'c']) {
      const before = await countCertificates()
      const headers = idempotent(`at-once-${round}`)
      const answers = await Promise.all(
        Array.from({ length: CONCURRENT }, () => issue(network, SMALL_CHANGE, { headers })),
      )
      expect(await countCertificates()).toBe(before + 1)
      const issued = answers.filter((answer) => answer.status === 201)
      expect(new Set(issued.map((answer) => answer.text)).size).toBe(1)
      expect(issued.filter((answer) => answer.headers['idempotency-replayed'] === undefined).length).toBe(1)
      for (const answer of answers.filter((one) => one.status !== 201)) {
        expectProblem(answer, 409, 'request_in_progress')
        expect(answer.headers['retry-after']).toMatch(/^\d+$/)
      }
      expect((await issue(network, SMALL_CHANGE, { headers })).text).toBe(issued[0]!.text)
    }
  })

  it('thirty at once with two keys of one organisation, which meet in different hosts, makes one certificate', async () => {
    const others = [
      network.tenants.api_key,
      ...(await Promise.all([1, 2, 3].map(() => makeKey(network, ['certificates:write'])))).map(
        (made) => made.key,
      ),
    ]
    const before = await countCertificates()
    const answers = await Promise.all(
      Array.from({ length: CONCURRENT }, (_, i) =>
        issue(network, SMALL_CHANGE, { headers: idempotent('hosts'), key: others[i % others.length]! }),
      ),
    )
    expect(await countCertificates()).toBe(before + 1)
    expect(new Set(answers.filter((answer) => answer.status === 201).map((answer) => answer.text)).size).toBe(
      1,
    )
    for (const answer of answers.filter((one) => one.status !== 201))
      expectProblem(answer, 409, 'request_in_progress')
  })

  it('that was refused leaves the key free', async () => {
    const headers = idempotent('refused-first')
    expectProblem(await issue(network, { ai_tool: 'nonsense' }, { headers }), 422, 'invalid_input')
    expect((await issue(network, SMALL_CHANGE, { headers })).status).toBe(201)
  })

  it('is remembered apart for live and test keys', async () => {
    const test = await makeKey(network, ['certificates:write'], { livemode: false })
    const inTest = await issue(network, SMALL_CHANGE, { key: test.key, headers: idempotent('both-modes') })
    const live = await issue(network, SMALL_CHANGE, { headers: idempotent('both-modes') })
    expect([inTest.json.livemode, live.json.livemode]).toEqual([false, true])
    expect(live.headers['idempotency-replayed']).toBeUndefined()
  })

  it('is remembered apart from other routes', async () => {
    const headers = idempotent('other-route')
    const id = await issueId(network, SMALL_CHANGE, { headers })
    const revocation = await call(network.baseUrl, `/v1/trust/certs/${id}/revoke`, {
      key: network.tenants.api_key,
      headers,
      body: {},
    })
    expect([revocation.status, revocation.json.status]).toEqual([200, 'revoked'])
  })

  it('is forgotten after seven days, and not before', async () => {
    const first = await issue(network, SMALL_CHANGE, { headers: idempotent('week') })
    const age = (days: string) =>
      network.sql`UPDATE idempotency_records SET created_at = now() - ${days}::interval WHERE key = 'week'`
    await age('6 days 23 hours')
    await network.workers().runCron('17 * * * *')
    expect((await issue(network, SMALL_CHANGE, { headers: idempotent('week') })).text).toBe(first.text)
    await age('7 days 1 hour')
    await network.workers().runCron('17 * * * *')
    const later = await issue(network, SMALL_CHANGE, { headers: idempotent('week') })
    expect(later.json.certificate_id).not.toBe(first.json.certificate_id)
  })
})

describe('what holds a secret', () => {
  const twice = async (
    path: string,
    key: string,
    body: object,
    idempotencyKey: string,
  ): Promise<[Answer, Answer]> => {
    const send = () => call(network.baseUrl, path, { key, body, headers: idempotent(idempotencyKey) })
    return [await send(), await send()]
  }

  it('is shown once: the replay of a key has none', async () => {
    const body = { name: 'ci', scopes: ['certificates:read'] }
    const [first, second] = await twice('/v1/keys', network.tenants.api_key, body, 'a-key')
    expect(first.json).toMatchObject({ key: expect.stringMatching(/^cr_live_/) })
    expect(first.json.secret_already_shown).toBeUndefined()
    expect(second.json).toEqual({ ...first.json, key: null, secret_already_shown: true })
    expect([second.status, second.headers['idempotency-replayed']]).toEqual([201, 'true'])
    await expectUnwritten(first.json.key)
  })

  it('is shown once: the replay of an organisation has none', async () => {
    const [first, second] = await twice(
      '/v1/organisations',
      network.tenants.operator_key,
      { name: 'Once' },
      'an-organisation',
    )
    expect(first.json).toMatchObject({ api_key: expect.stringMatching(/^cr_live_/) })
    expect(second.json).toEqual({ ...first.json, api_key: null, secret_already_shown: true })
    const [row] = await network.sql`SELECT count(*)::int AS n FROM organisations WHERE name = 'Once'`
    expect(row!.n).toBe(1)
    await expectUnwritten(first.json.api_key)
  })

  async function expectUnwritten(secret: string): Promise<void> {
    const [row] = await network.sql`
      SELECT (SELECT count(*)::int FROM idempotency_records WHERE position(${Buffer.from(secret)}::bytea in response_body) > 0) AS records,
             (SELECT count(*)::int FROM api_keys k WHERE k::text LIKE ${`%${secret}%`}) AS keys`
    expect(row).toEqual({ records: 0, keys: 0 })
  }
})

describe('revoking', () => {
  it('a certificate again with the same key gets the same bytes, with another a refusal', async () => {
    const id = await issueId(network)
    const send = (idempotencyKey: string) =>
      call(network.baseUrl, `/v1/trust/certs/${id}/revoke`, {
        key: network.tenants.api_key,
        body: { reason: 'superseded' },
        headers: idempotent(idempotencyKey),
      })
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('revoke-once')))
    const done = answers.filter((answer) => answer.status === 200)
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map((answer) => answer.text)).size).toBe(1)
    for (const answer of answers.filter((one) => one.status !== 200))
      expectProblem(answer, 409, 'request_in_progress')
    const replay = await send('revoke-once')
    expect([replay.text, replay.headers['idempotency-replayed']]).toEqual([done[0]!.text, 'true'])
    expectProblem(await send('revoke-twice'), 409, 'certificate_already_revoked')
    const [row] =
      await network.sql`SELECT count(*)::int AS n FROM log_entries WHERE convert_from(entry, 'UTF8')::jsonb ->> 'type' = 'certificate.revoked'`
    const [revoked] =
      await network.sql`SELECT count(*)::int AS n FROM certificates WHERE revoked_at IS NOT NULL`
    expect(row!.n).toBe(revoked!.n)
  })

  it('a key again gets the same answer', async () => {
    const made = await makeKey(network, ['certificates:read'])
    const send = () =>
      call(network.baseUrl, `/v1/keys/${made.id}`, {
        method: 'DELETE',
        key: network.tenants.api_key,
        headers: idempotent('delete-once'),
      })
    const [first, second] = [await send(), await send()]
    expect(first.json).toMatchObject({ id: made.id, revoked_at: expect.any(String) })
    expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true'])
    const third = await call(network.baseUrl, `/v1/keys/${made.id}`, {
      method: 'DELETE',
      key: network.tenants.api_key,
    })
    expect(third.json).toEqual(first.json)
  })
})
