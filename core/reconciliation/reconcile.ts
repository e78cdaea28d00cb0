import { reconciliations } from '../../schema/tables/index.ts'
import type { ReconciliationDocument } from '../../schema/wire/ledger.ts'
import type { Outside } from '../back-office/outside.ts'
import type { Context } from '../context.ts'
import { type Answer, type Claim, UNCLAIMED } from '../idempotency/claim.ts'
import { Refusal } from '../refusal.ts'
import {
  failedBilling,
  givenUpWebhooks,
  overdueBilling,
  overduePayouts,
  unpostedPayouts,
} from './checks/billing.ts'
import { accountBalances, journalSums, partBalances } from './checks/books.ts'
import { cessions, claimParts, payoutsOfClaims } from './checks/claims.ts'
import { customerExposure, dayExposure, subsidyUsed } from './checks/exposure.ts'
import { coverage, unearned } from './checks/policies.ts'
import { askedCredits, missingChanges, railChanges } from './checks/rail.ts'
import { type Check, type Finding, MAX_FINDINGS } from './finding.ts'
import { describeReconciliation } from './list.ts'

/** All comparisons, in the order in which they run. */
export const CHECKS: readonly Check[] = [
  customerExposure,
  dayExposure,
  subsidyUsed,
  accountBalances,
  partBalances,
  journalSums,
  unearned,
  coverage,
  claimParts,
  cessions,
  payoutsOfClaims,
  overduePayouts,
  unpostedPayouts,
  failedBilling,
  overdueBilling,
  givenUpWebhooks,
  railChanges,
  missingChanges,
  askedCredits,
]

/**
 * Compares what says the same thing twice: counters with policies, balances with postings, claims with the books, payouts with
 * the rail. It changes nothing but what it stores of itself. A comparison that cannot be made is a finding, and holds up no other.
 */
export async function reconcile(ctx: Context, outside: Outside): Promise<ReconciliationDocument> {
  return (await run(ctx, outside, UNCLAIMED)).document
}

/** The same for an operator who asks for it. */
export async function reconcileNow(ctx: Context, outside: Outside, claim: Claim): Promise<Answer> {
  return (await run(ctx, outside, claim)).answer
}

async function run(ctx: Context, outside: Outside, claim: Claim) {
  const findings: Finding[] = []
  for (const check of CHECKS) findings.push(...(await attempt(ctx, outside, check)))
  return ctx.database.asSystem(async (tx) => {
    const [row] = await tx
      .insert(reconciliations)
      .values({ at: ctx.now, checks: CHECKS.length, findings: limited(findings) })
      .returning()
    const document = describeReconciliation(row!)
    const answer: Answer = { status: 201, body: JSON.stringify(document) }
    await claim.settle(tx, answer)
    return { document, answer }
  })
}

async function attempt(ctx: Context, outside: Outside, check: Check): Promise<Finding[]> {
  try {
    return await check.run(ctx, outside)
  } catch (error) {
    return [{ code: 'check_failed', subject: check.name, figures: { error: nameOf(error) } }]
  }
}

/** Never the message: it may hold values. */
function nameOf(error: unknown): string {
  if (error instanceof Refusal) return error.code
  return error instanceof Error ? error.name : 'unknown'
}

function limited(findings: readonly Finding[]): Finding[] {
  if (findings.length <= MAX_FINDINGS) return [...findings]
  const shown = findings.slice(0, MAX_FINDINGS - 1)
  const figures = { count: String(findings.length - shown.length) }
  return [...shown, { code: 'findings_left_out', subject: 'network', figures }]
}
