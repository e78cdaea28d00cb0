import { and, eq, gt, sql } from 'drizzle-orm'
import { insuranceClaims } from '../../schema/tables/index.ts'
import type { ReviewReason } from '../../schema/wire/money.ts'
import type { Context, Transaction } from '../context.ts'
import { DEFAULTS } from '../insurance/defaults.ts'

const DAY_MS = 86_400_000
const LIMITS = DEFAULTS.claims

/** What decides whether a claim is approved by itself. Amounts are micro-USD. */
export interface AutomaticFacts {
  readonly requested: bigint
  /** Ten-thousandths. */
  readonly confidence: number
  /** Independent signals that agree on the commit. */
  readonly agreeing: number
  /** Whether the network fetched at least one of the facts from a provider itself. */
  readonly factFromProvider: boolean
  /** Whether a provider's API contradicts what was told. */
  readonly refuted: boolean
  readonly commitBound: boolean
  readonly filedByCustomer: boolean
  /** Approved by itself for this customer lately, without this claim. */
  readonly automaticTotal: bigint
  /** Whether another claim bears a part of the same loss. */
  readonly shared: boolean
  readonly overlaps: boolean
}

/** Why a person has to look at a claim; none means that it is approved by itself. Pure. */
export function reviewReasons(facts: AutomaticFacts): ReviewReason[] {
  const reasons: [ReviewReason, boolean][] = [
    ['amount_above_automatic_limit', facts.requested > LIMITS.automaticLimit],
    ['confidence_too_low', facts.confidence <= LIMITS.automaticConfidenceBp],
    ['no_fact_from_provider', !facts.factFromProvider],
    ['fact_refuted', facts.refuted],
    ['signals_do_not_agree', facts.agreeing < 2],
    ['commit_not_bound_by_ci', !facts.commitBound],
    [
      'customer_automatic_limit_reached',
      facts.automaticTotal + facts.requested > LIMITS.automaticCustomerLimit,
    ],
    ['filed_by_customer', facts.filedByCustomer],
    ['loss_shared_with_another_policy', facts.shared],
    ['overlaps_another_incident', facts.overlaps],
  ]
  return reasons.flatMap(([reason, holds]) => (holds ? [reason] : []))
}

/**
 * What was approved by itself for a customer in the window before now, as it was requested: what a dispute took back later
 * does not make room. For the limit to hold, `holdFiling` has to.
 */
export async function automaticTotal(ctx: Context, tx: Transaction, organisationId: string): Promise<bigint> {
  const since = new Date(ctx.now.getTime() - LIMITS.automaticWindowDays * DAY_MS)
  const [row] = await tx
    .select({ total: sql<string>`coalesce(sum(${insuranceClaims.requested}), 0)::text` })
    .from(insuranceClaims)
    .where(
      and(
        eq(insuranceClaims.organisationId, organisationId),
        eq(insuranceClaims.automatic, true),
        gt(insuranceClaims.filedAt, since),
      ),
    )
  return BigInt(row!.total)
}
