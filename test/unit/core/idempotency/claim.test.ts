import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueCertificate } from '../../../../core/certificates/issue.ts'
import type { Actor } from '../../../../core/context.ts'
import { type Answer, type Claim, once } from '../../../../core/idempotency/claim.ts'
import { expireIdempotencyRecords } from '../../../../core/idempotency/expire.ts'
import { Refusal } from '../../../../core/refusal.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import {
  COMMAND_LIMIT_MS,
  issueRequest,
  refusalCode,
  START_LIMIT_MS,
  startTestCore,
  type TestCore,
} from '../support.ts'

let core: TestCore
let owner: Actor
let stranger: Actor

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
  stranger = await core.organisation()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const ROUTE = 'POST /v1/trust/verify'
let keys = 0
const freshKey = () => `key-${++keys}`

interface Call {
  readonly key: string | undefined
  readonly body?: string
  readonly route?: string
  readonly actor?: Actor
}

function call(
  { key, body = '{}', route = ROUTE, actor = owner }: Call,
  work: (claim: Claim) => Promise<Answer>,
) {
  return once(core.ctx(), actor, { route, key, rawBody: utf8(body) }, work)
}

const issue = (request: Call) =>
  call(
    request,
    async (claim) =>
      (await issueCertificate(core.ctx(), request.actor ?? owner, issueRequest(), claim)).answer,
  )

/** Work that stores its answer and does nothing else; `during` runs inside its transaction, after the claim. */
const settle =
  (text: string, during: () => Promise<unknown> = async () => {}) =>
  async (claim: Claim) => {
    const answer = { status: 201, body: JSON.stringify({ text }) }
    await core.db.database.asOrganisation(owner.organisationId, async (tx) => {
      await claim.settle(tx, answer)
      await during()
    })
    return answer
  }

const certificates = async () => (await core.db.owner`SELECT count(*)::int AS n FROM certificates`)[0]!.n

describe('the same key', () => {
  test('and body gets the same bytes, and nothing is done twice', async () => {
    const request = { key: freshKey() }
    const before = await certificates()
    const first = await issue(request)
    const again = await issue(request)
    expect(again).toEqual({ ...first, replayed: true })
    expect(first.replayed).toBe(false)
    expect(await certificates()).toBe(before + 1)
  })

  test('and another body is refused, and nothing is done', async () => {
    const key = freshKey()
    await issue({ key, body: '{"a":1}' })
    const before = await certificates()
    expect(await refusalCode(issue({ key, body: '{"a": 1}' }))).toBe('idempotency_key_reused')
    expect(await certificates()).toBe(before)
  })

  test.each<[string, (call: Call) => Call]>([
    ['on another route', (request) => ({ ...request, route: 'POST /v1/other' })],
    ['of another organisation', (request) => ({ ...request, actor: stranger })],
    ['in test mode', (request) => ({ ...request, actor: { ...owner, livemode: false } })],
  ])('%s is another key', async (_, change) => {
    const request = { key: freshKey() }
    const first = await issue(request)
    const other = await issue(change(request))
    expect(other.replayed).toBe(false)
    expect(other.body).not.toBe(first.body)
  })

  test('with another key of the same organisation is the same key', async () => {
    const request = { key: freshKey() }
    const first = await issue(request)
    const colleague = await core.withKey(owner, ['certificates:write'], true)
    expect(await issue({ ...request, actor: colleague })).toEqual({ ...first, replayed: true })
  })

  test('cannot be split between route and key in two ways', async () => {
    const first = await call({ key: 'b', route: 'POST /a' }, settle('first'))
    const other = await call({ key: 'a b', route: 'POST /' }, settle('other')).catch(
      (error: Refusal) => error.code,
    )
    expect(first.replayed).toBe(false)
    expect(other).toBe('invalid_idempotency_key')
  })

  test('is answered as before also when the work would now be refused', async () => {
    const key = freshKey()
    const refuse = () => Promise.reject(new Refusal('certificate_already_revoked'))
    const first = await call({ key }, settle('done'))
    expect(await call({ key }, refuse)).toEqual({ ...first, replayed: true })
    expect(await refusalCode(call({ key, body: '{"other":1}' }, refuse))).toBe('idempotency_key_reused')
  })

  test('is not looked up for a request that goes through: its work is all that asks the database', async () => {
    const asked: unknown[] = []
    const ctx = core.ctx()
    const direct: typeof ctx.database.direct = (query) => {
      asked.push(query)
      return ctx.database.direct(query)
    }
    const watched = { ...ctx, database: { ...ctx.database, direct } }
    const request = { route: ROUTE, key: freshKey(), rawBody: utf8('{}') }
    expect((await once(watched, owner, request, settle('first'))).replayed).toBe(false)
    expect(asked).toHaveLength(0)
    expect((await once(watched, owner, request, settle('second'))).replayed).toBe(true)
    expect(asked).toHaveLength(1)
  })

  test('after a refusal is free for the next attempt', async () => {
    const key = freshKey()
    const refuse = () => Promise.reject(new Refusal('certificate_not_found'))
    expect(await refusalCode(call({ key }, refuse))).toBe('certificate_not_found')
    expect((await call({ key }, settle('now'))).replayed).toBe(false)
  })

  test('after a crash in the middle is free for the next attempt', async () => {
    const key = freshKey()
    const crash = settle('lost', () => Promise.reject(new Error('crash')))
    await expect(call({ key }, crash)).rejects.toThrow('crash')
    expect(await call({ key }, settle('kept'))).toMatchObject({ replayed: false, body: '{"text":"kept"}' })
  })
})

describe('at once', () => {
  test(
    'fifty with one key make one certificate, and each gets its bytes or is told to wait',
    async () => {
      const request = { key: freshKey() }
      const before = await certificates()
      const results = await Promise.allSettled(Array.from({ length: 50 }, () => issue(request)))
      const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      const refusals = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason.code ?? result.reason] : [],
      )
      expect(await certificates()).toBe(before + 1)
      expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1)
      expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
      expect(refusals.filter((code) => code !== 'request_in_progress')).toEqual([])
      expect((await issue(request)).body).toBe(answers[0]!.body)
    },
    COMMAND_LIMIT_MS,
  )

  test('the second is told at once that the first is still at it', async () => {
    const request = { key: freshKey() }
    const codes: unknown[] = []
    await call(
      request,
      settle('first', async () => {
        codes.push(await refusalCode(call(request, settle('second'))))
      }),
    )
    expect(codes).toEqual(['request_in_progress'])
    expect(await call(request, settle('third'))).toMatchObject({ replayed: true, body: '{"text":"first"}' })
  })

  test('different keys do not wait for each other', async () => {
    const codes: unknown[] = []
    await call(
      { key: freshKey() },
      settle('first', async () => {
        codes.push(await refusalCode(call({ key: freshKey() }, settle('second'))))
      }),
    )
    expect(codes).toEqual([null])
  })
})

describe('no key', () => {
  test('each request is one of its own, and nothing is recorded', async () => {
    const records = async () =>
      (await core.db.owner`SELECT count(*)::int AS n FROM idempotency_records`)[0]!.n
    const before = await records()
    const [one, other] = [await issue({ key: undefined }), await issue({ key: undefined })]
    expect(one.body).not.toBe(other.body)
    expect(await records()).toBe(before)
  })
})

test.each([
  ['', false],
  ['a', true],
  ['~!"#', true],
  ['x'.repeat(255), true],
  ['x'.repeat(256), false],
  ['with space', false],
  ['tab\t', false],
  ['ü', false],
  ['a\n', false],
])('the key %j is taken: %s', async (key, taken) => {
  expect(await refusalCode(call({ key, route: 'POST /keys' }, settle('x')))).toBe(
    taken ? null : 'invalid_idempotency_key',
  )
})

test('answers are kept for seven days, and no longer', async () => {
  const key = freshKey()
  const now = new Date('2026-11-21T00:00:00.000Z')
  const at = (days: number) => new Date(now.getTime() + days * 86_400_000)
  const request = { route: ROUTE, key, rawBody: utf8('{}') }
  const run = (when: Date) => once(core.ctx(when), owner, request, settle('kept'))
  await once(core.ctx(now), owner, request, async (claim) => {
    const answer = { status: 201, body: '"kept"' }
    await core.db.database.asOrganisation(owner.organisationId, (tx) => claim.settle(tx, answer))
    return answer
  })
  await expireIdempotencyRecords(core.ctx(at(6.99)))
  expect((await run(at(6.99))).replayed).toBe(true)
  await expireIdempotencyRecords(core.ctx(at(7.01)))
  expect((await run(at(7.01))).replayed).toBe(false)
})
