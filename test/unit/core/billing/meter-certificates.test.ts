import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { meterCertificates } from '../../../../core/billing/meter-certificates.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import type { TestCore } from '../support.ts'
import { balance, booksSum, DAY_MS, startBilling } from './support.ts'

const TODAY = new Date('2026-11-21T03:17:00.000Z')
const YESTERDAY = new Date('2026-11-20T00:00:00.000Z')

let core: TestCore
let actor: Actor

beforeAll(async () => {
  core = await startBilling()
})

afterAll(() => core?.db.stop())

beforeEach(async () => {
  await core.db.owner`TRUNCATE billing_events`
  await core.db.owner`UPDATE certificates SET issued_at = '2025-06-01'`
  actor = await core.organisation()
})

/** Issued now, as far as the signature goes; moved to the time that counts. */
async function issue(at: Date, by = actor): Promise<void> {
  const { certificate_id } = await core.issue(by)
  await core.db
    .owner`UPDATE certificates SET issued_at = ${at.toISOString()}, updated_at = ${at.toISOString()} WHERE id = ${certificate_id}`
}

async function events() {
  return core.db.owner`
    SELECT id, organisation_id, kind, (amount_micros / 10000)::int AS cents, occurred_at, state FROM billing_events ORDER BY id`
}

describe('certificate fees', () => {
  it('are one event for each organisation and day that is over, with its journal', async () => {
    const other = await core.organisation()
    await issue(YESTERDAY)
    await issue(new Date('2026-11-20T23:59:59.999Z'))
    await issue(new Date('2026-11-18T12:00:00.000Z'))
    await issue(YESTERDAY, other)
    await issue(new Date('2026-11-21T00:00:00.000Z'))
    expect(await meterCertificates(core.ctx(TODAY))).toBe(3)
    const mine = (await events()).filter((event) => event['organisation_id'] === actor.organisationId)
    expect(mine).toMatchObject([
      {
        id: `certificates/${actor.organisationId}/2026-11-18`,
        cents: 5,
        kind: 'certificates',
        state: 'pending',
      },
      {
        id: `certificates/${actor.organisationId}/2026-11-20`,
        cents: 10,
        occurred_at: new Date('2026-11-20T23:59:59.999Z'),
      },
    ])
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(15)
    expect(await balance(core, 'premium_receivable', other.organisationId)).toBe(5)
    expect(await booksSum(core)).toBe('0 0')
  })

  it('are written once, by many at the same time and again later', async () => {
    await issue(YESTERDAY)
    const runs = await Promise.all(Array.from({ length: 6 }, () => meterCertificates(core.ctx(TODAY))))
    expect(runs.reduce((sum, written) => sum + written, 0)).toBe(1)
    expect(await meterCertificates(core.ctx(new Date(TODAY.getTime() + 3_600_000)))).toBe(0)
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(5)
  })

  it('wait for an hour after midnight', async () => {
    await issue(YESTERDAY)
    expect(await meterCertificates(core.ctx(new Date('2026-11-21T00:59:59.999Z')))).toBe(0)
    expect(await meterCertificates(core.ctx(new Date('2026-11-21T01:00:00.000Z')))).toBe(1)
  })

  it('are caught up with after days without a run', async () => {
    for (let day = 1; day <= 4; day++) await issue(new Date(YESTERDAY.getTime() - day * DAY_MS))
    expect(await meterCertificates(core.ctx(TODAY))).toBe(4)
  })

  it('of the others are written after a run that stopped in the middle of a day', async () => {
    const other = await core.organisation()
    await issue(YESTERDAY)
    await meterCertificates(core.ctx(TODAY))
    await issue(YESTERDAY, other)
    expect(await meterCertificates(core.ctx(TODAY))).toBe(1)
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(5)
    expect(await balance(core, 'premium_receivable', other.organisationId)).toBe(5)
  })

  it('are written for more organisations than one transaction takes', async () => {
    await issue(YESTERDAY)
    await core.db.owner`
      INSERT INTO organisations SELECT (jsonb_populate_record(o, jsonb_build_object('id', 'org_of_many_' || n))).*
      FROM organisations o, generate_series(1, 501) n WHERE o.id = ${actor.organisationId}`
    await core.db.owner`
      INSERT INTO certificates OVERRIDING USER VALUE SELECT (jsonb_populate_record(c, jsonb_build_object(
        'id', 'CERT-of-many-' || n, 'organisation_id', 'org_of_many_' || n, 'status_index', 1000000 + n))).*
      FROM certificates c, generate_series(1, 501) n WHERE c.organisation_id = ${actor.organisationId}`
    expect(await meterCertificates(core.ctx(TODAY))).toBe(502)
    expect(await meterCertificates(core.ctx(TODAY))).toBe(0)
    expect(await booksSum(core)).toBe('0 0')
  })

  it('are for live certificates alone, and for none from before the books were opened', async () => {
    await issue(YESTERDAY, await core.withKey(actor, ['certificates:write'], false))
    await issue(new Date('2025-12-31T23:59:59.000Z'))
    expect(await meterCertificates(core.ctx(new Date('2026-01-02T12:00:00.000Z')))).toBe(0)
    expect(await meterCertificates(core.ctx(TODAY))).toBe(0)
  })

  it('are as set, and none where there is none', async () => {
    await issue(YESTERDAY)
    const withFee = (certificateFee: bigint): Context => {
      const ctx = core.ctx(TODAY)
      return {
        ...ctx,
        settings: { ...ctx.settings, insurance: { ...ctx.settings.insurance, certificateFee } },
      }
    }
    expect(await meterCertificates(withFee(0n))).toBe(0)
    expect(await meterCertificates(withFee(70_000n))).toBe(1)
    expect(await events()).toMatchObject([{ cents: 7 }])
  })
})
