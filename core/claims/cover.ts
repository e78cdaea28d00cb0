import { eq } from 'drizzle-orm'
import { insurancePolicies } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { closePolicy } from '../insurance/close.ts'
import { releaseExposure } from '../insurance/exposure.ts'
import { ON_RISK } from '../insurance/states.ts'
import { type Journal, postJournals } from '../ledger/post.ts'
import { Refusal } from '../refusal.ts'
import { remainingCover } from './loss.ts'
import type { InsuredPolicyRow } from './rows.ts'

/** What a change of a claim does to its policy. Amounts are micro-USD. */
interface CoverChange {
  readonly used?: bigint
  readonly reserved?: bigint
}

/** Adds to what a locked policy has used and reserved; either may be negative. */
export async function changeCover(
  ctx: Context,
  tx: Transaction,
  policy: InsuredPolicyRow,
  change: CoverChange,
): Promise<InsuredPolicyRow> {
  const { used = 0n, reserved = 0n } = change
  const [changed] = await tx
    .update(insurancePolicies)
    .set({ used: policy.used + used, reserved: policy.reserved + reserved, updatedAt: ctx.now })
    .where(eq(insurancePolicies.id, policy.id))
    .returning()
  return changed!
}

/** What decisions leave for the end of a transaction, since rows that many wait for come last. */
export interface Bookings {
  readonly journals: readonly Journal[]
  /** Policies that are not on risk any more. */
  readonly released: readonly InsuredPolicyRow[]
}

export const NO_BOOKINGS: Bookings = { journals: [], released: [] }

/** Ends a policy that has nothing left to give, if it is still on risk. */
export async function closeIfExhausted(
  ctx: Context,
  tx: Transaction,
  policy: InsuredPolicyRow,
): Promise<Bookings> {
  const onRisk = ON_RISK.some((status) => status === policy.status)
  if (policy.used < policy.coverage || !onRisk) return NO_BOOKINGS
  return { journals: await closePolicy(ctx, tx, policy, 'exhausted'), released: [policy] }
}

export function together(...bookings: readonly Bookings[]): Bookings {
  return {
    journals: bookings.flatMap(({ journals }) => journals),
    released: bookings.flatMap(({ released }) => released),
  }
}

/** The last of a transaction: the books, then the exposure. */
export async function book(ctx: Context, tx: Transaction, { journals, released }: Bookings): Promise<void> {
  await postJournals(tx, journals, ctx.now)
  for (const policy of released) await releaseExposure(tx, policy)
}

/** @throws {Refusal} `claim_not_eligible` with `coverage_exhausted`, when a policy has less than that left */
export function assertWithinCover(policy: InsuredPolicyRow, more: bigint): void {
  if (more <= remainingCover(policy)) return
  throw new Refusal('claim_not_eligible', {
    detail: 'That is more than the policy has left to give.',
    reasons: ['coverage_exhausted'],
  })
}
