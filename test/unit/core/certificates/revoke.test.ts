import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listCertificates } from '../../../../core/certificates/list.ts'
import { lookUpCertificate } from '../../../../core/certificates/look-up.ts'
import { revokeCertificate } from '../../../../core/certificates/revoke.ts'
import type { Actor } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { STATUS_LIST_SIZE, statusBit } from '../../../../core/verify/status-list.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { revocationSchema } from '../../../../schema/wire/revocation.ts'
import { REVOCATION_REASONS } from '../../../../schema/wire/vocabulary.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
let owner: Actor
let stranger: Actor
let operator: Actor
let tester: Actor

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
  stranger = await core.organisation()
  operator = await core.operator()
  tester = await core.withKey(owner, ['certificates:write'], false)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const AT = new Date('2026-11-21T12:00:00.000Z')

async function revoke(
  actor: Actor,
  id: string,
  reason: (typeof REVOCATION_REASONS)[number] = 'superseded',
  now = AT,
) {
  const { body } = await revokeCertificate(core.ctx(now), actor, id, { reason }, UNCLAIMED)
  return revocationSchema.parse(JSON.parse(body))
}

async function list(number: number) {
  const [row] = await core.db
    .owner`SELECT bits, version::int AS version FROM status_lists WHERE id = ${number}`
  return row as { bits: Uint8Array; version: number } | undefined
}

async function revokedIndexes(number: number): Promise<number[]> {
  const bits = (await list(number))?.bits ?? new Uint8Array(0)
  return Array.from({ length: STATUS_LIST_SIZE }, (_, index) => index).filter((index) =>
    statusBit(bits, index),
  )
}

function placeOf({ status_list: { uri, idx } }: Certificate) {
  return { list: Number(uri.split('/').at(-1)), index: idx }
}

describe('revoking', () => {
  test.each(REVOCATION_REASONS)('for %s is told by the next look-up', async (reason) => {
    const { certificate_id: id } = await core.issue(owner)
    expect(await revoke(owner, id, reason)).toEqual({
      certificate_id: id,
      status: 'revoked',
      revoked_at: AT.toISOString(),
      revocation_reason: reason,
    })
    expect((await lookUpCertificate(core.ctx(), id))!.revocation).toEqual({
      revokedAt: AT.toISOString(),
      reason,
    })
    const page = JSON.parse(await listCertificates(core.ctx(), owner, { limit: 1 }))
    expect(page.data[0]).toMatchObject({ certificate_id: id, status: 'revoked' })
  })

  test('leaves the signed bytes and the signature as they were', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const before = (await lookUpCertificate(core.ctx(), id))!.record
    await revoke(owner, id)
    expect((await lookUpCertificate(core.ctx(), id))!.record).toEqual(before)
  })

  test('is logged, with its reason, and marked for publication', async () => {
    const { certificate_id: id } = await core.issue(owner)
    await core.db.owner`DELETE FROM outbox`
    await revoke(owner, id, 'keyCompromise')
    const [entry] = await core.db
      .owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries ORDER BY id DESC LIMIT 1`
    expect(JSON.parse(entry!.text)).toMatchObject({
      type: 'certificate.revoked',
      reason: 'keyCompromise',
      time: AT.toISOString(),
    })
    expect(entry!.text).not.toContain(id)
    expect(await core.db.owner`SELECT kind, entity_id FROM outbox ORDER BY kind`).toEqual([
      { kind: 'certificate', entity_id: id },
      { kind: 'status_list', entity_id: '0' },
    ])
  })

  test('a second time is refused, and the first reason stands', async () => {
    const { certificate_id: id } = await core.issue(owner)
    await revoke(owner, id, 'superseded')
    for (const actor of [owner, operator]) {
      expect(await refusalCode(revoke(actor, id, 'keyCompromise'))).toBe('certificate_already_revoked')
    }
    expect((await lookUpCertificate(core.ctx(), id))!.revocation!.reason).toBe('superseded')
  })

  test('many times at once is done once', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const entries = async () => (await core.db.owner`SELECT count(*)::int AS n FROM log_entries`)[0]!.n
    const before = await entries()
    const codes = await Promise.all(Array.from({ length: 10 }, () => refusalCode(revoke(owner, id))))
    expect(codes.filter((code) => code === null)).toHaveLength(1)
    expect(codes.filter((code) => code === 'certificate_already_revoked')).toHaveLength(9)
    expect(await entries()).toBe(before + 1)
  })

  test('many times at once with one idempotency key gives all the same answer', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const request = { route: `POST /v1/trust/certs/${id}/revoke`, key: 'one-key', rawBody: utf8('{}') }
    const run = () =>
      once(core.ctx(), owner, request, (claim) =>
        revokeCertificate(core.ctx(AT), owner, id, { reason: 'superseded' }, claim),
      )
    const results = await Promise.allSettled(Array.from({ length: 10 }, run))
    const bodies = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.body] : []))
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(new Set(bodies).size).toBe(1)
    expect(refusals.filter((code) => code !== 'request_in_progress')).toEqual([])
    expect((await run()).body).toBe(bodies[0])
  })

  test('none of it is left when the answer cannot be recorded', async () => {
    const issued = await core.issue(owner)
    const claim = { ...UNCLAIMED, settle: () => Promise.reject(new Error('the connection broke here')) }
    const attempt = revokeCertificate(
      core.ctx(),
      owner,
      issued.certificate_id,
      { reason: 'superseded' },
      claim,
    )
    await expect(attempt).rejects.toThrow('the connection broke here')
    expect((await lookUpCertificate(core.ctx(), issued.certificate_id))!.revocation).toBeNull()
    const { list: number, index } = placeOf(issued)
    expect(statusBit((await list(number))!.bits, index)).toBe(false)
  })
})

describe('who may', () => {
  test.each<[string, () => Actor, boolean]>([
    ['the owner', () => owner, true],
    ['the operator', () => operator, true],
    ['another organisation', () => stranger, false],
    ["the owner's test key", () => tester, false],
    ['a test key that calls itself operator', () => ({ ...operator, livemode: false }), false],
  ])('%s: %s', async (_, actor, allowed) => {
    const { certificate_id: id } = await core.issue(owner)
    expect(await refusalCode(revoke(actor(), id))).toBe(allowed ? null : 'certificate_not_found')
    expect((await lookUpCertificate(core.ctx(), id))!.revocation !== null).toBe(allowed)
  })

  test('a test key revokes what it made', async () => {
    const { certificate_id: id } = await core.issue(tester)
    await revoke(tester, id)
    expect((await lookUpCertificate(core.ctx(), id))!.revocation).not.toBeNull()
  })

  test('nobody what is not there', async () => {
    for (const actor of [owner, operator]) {
      expect(await refusalCode(revoke(actor, 'CERT-2026-0000000000000000'))).toBe('certificate_not_found')
    }
  })
})

describe('the status bit', () => {
  const restart = (position: number) =>
    core.db.owner.unsafe(`ALTER SEQUENCE certificate_status_index RESTART WITH ${position}`)

  test('is the one of the certificate and no other, also where one list ends and the next begins', async () => {
    await restart(STATUS_LIST_SIZE - 2)
    await core.db.owner`DELETE FROM status_lists`
    const issued: Certificate[] = []
    for (let i = 0; i < 4; i++) issued.push(await core.issue(owner))
    expect(issued.map(placeOf)).toEqual([
      { list: 0, index: STATUS_LIST_SIZE - 2 },
      { list: 0, index: STATUS_LIST_SIZE - 1 },
      { list: 1, index: 0 },
      { list: 1, index: 1 },
    ])
    expect(issued[1]!.status_list.uri).toBe('https://network.example/v1/status-lists/0')
    expect([await list(0), await list(1)]).toEqual([undefined, undefined])
    await revoke(owner, issued[1]!.certificate_id)
    await revoke(owner, issued[2]!.certificate_id)
    expect(await revokedIndexes(0)).toEqual([STATUS_LIST_SIZE - 1])
    expect(await revokedIndexes(1)).toEqual([0])
    expect((await list(0))!.bits).toHaveLength(STATUS_LIST_SIZE / 8)
    await restart(3 * STATUS_LIST_SIZE)
  })

  test('every bit of a byte is set by its own certificate; each revocation raises the version by one', async () => {
    await restart(5 * STATUS_LIST_SIZE)
    const issued: Certificate[] = []
    for (let i = 0; i < 17; i++) issued.push(await core.issue(owner))
    const chosen = [16, 3, 0, 7, 8]
    for (const [done, index] of chosen.entries()) {
      await revoke(owner, issued[index]!.certificate_id)
      expect((await list(5))!.version).toBe(done + 1)
    }
    expect(await revokedIndexes(5)).toEqual([0, 3, 7, 8, 16])
  })

  test('none is lost when many are set at once', async () => {
    await restart(6 * STATUS_LIST_SIZE)
    const issued = await Promise.all(Array.from({ length: 24 }, () => core.issue(owner)))
    await Promise.all(issued.map(({ certificate_id: id }) => revoke(owner, id)))
    const expected = issued.map((one) => placeOf(one).index).sort((a, b) => a - b)
    expect(await revokedIndexes(6)).toEqual(expected)
    expect((await list(6))!.version).toBe(24)
  })
})
