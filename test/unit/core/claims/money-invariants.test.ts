import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectBooksHold, findBreaches } from '../../../support/money-invariants.ts'
import { START_LIMIT_MS } from '../support.ts'
import { type ClaimsCore, CONFIRMED_DEPLOYMENT, CONFIRMED_INCIDENT, startClaims } from './claims-support.ts'

let core: ClaimsCore

beforeAll(async () => {
  core = await startClaims()
  const owner = await core.organisation()
  await core.insure(owner)
  await core.deploy(owner, CONFIRMED_DEPLOYMENT)
  await core.incident(owner, CONFIRMED_INCIDENT)
  await core.settle()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

test('what holds is found to hold', () => expectBooksHold(core.db.owner))

/** So that the other tests, which trust them, can fail. */
test.each([
  [
    'running balances',
    `UPDATE ledger_balances SET amount_micros = amount_micros + 1 WHERE account = 'cash_reserve'`,
  ],
  ['a case reserve', `UPDATE insurance_claims SET reserved_micros = 1`],
  ['what is payable', `UPDATE insurance_claims SET approved_micros = approved_micros - 1`],
  ['what is payable is on its way', `UPDATE payouts SET state = 'paid'`],
  ['what is paid', `UPDATE insurance_claims SET paid_micros = approved_micros`],
  ['a policy has used', `UPDATE insurance_policies SET used_micros = used_micros + 1`],
  ['the exposure of a customer', `UPDATE exposure_customers SET on_risk_micros = on_risk_micros + 1`],
  ['the exposure of a day', `UPDATE exposure_days SET bound_micros = bound_micros + 1`],
  ['what is unearned', `UPDATE insurance_policies SET earned_premium_micros = earned_premium_micros + 1`],
  ["the reinsurers' share", `UPDATE insurance_claims SET ceded_micros = 1`],
  ['the subsidy', `UPDATE insurance_state SET subsidy_used_micros = subsidy_used_micros + 1`],
])('a breach is found: %s', async (rule, change) => {
  await core.db.owner
    .begin(async (sql) => {
      await sql.unsafe(change)
      const broken = await findBreaches(sql)
      expect(broken.map((breach) => breach.rule)).toContainEqual(expect.stringMatching(`^${rule}`))
      throw new Undo()
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error
    })
})

class Undo extends Error {}
