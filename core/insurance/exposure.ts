import { eq, sql } from 'drizzle-orm'
import { exposureCustomers } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'
import { DEFAULTS } from './defaults.ts'

/** `reserved`, or what was in the way: then the transaction must not be committed. */
export type Reservation =
  | 'reserved'
  | 'binding_halted'
  | 'binding_restricted'
  | 'customer_cap_reached'
  | 'daily_cap_reached'
  | 'subsidy_spent'

interface Needed {
  readonly organisationId: string
  readonly coverage: bigint
  readonly subsidy: bigint
  readonly lowRisk: boolean
}

/**
 * Takes what a policy needs of the caps and of the subsidy. The last statement of its transaction: everybody who buys waits
 * for these rows.
 */
export async function reserveCapacity(tx: Transaction, needed: Needed, now: Date): Promise<Reservation> {
  const { organisationId, coverage, subsidy, lowRisk } = needed
  const day = now.toISOString().slice(0, 10)
  const [row] = await tx.execute<{ outcome: Reservation }>(sql`
    SELECT reserve_capacity(${organisationId}, ${day}, ${coverage}, ${DEFAULTS.customerCap}, ${DEFAULTS.dayCap},
      ${subsidy}, ${lowRisk}) AS outcome`)
  return row!.outcome
}

/** A policy is not on risk any more. What was bound on its day stays. To be called after `postJournals`. */
export async function releaseExposure(
  tx: Transaction,
  policy: { readonly organisationId: string; readonly coverage: bigint },
): Promise<void> {
  await tx
    .update(exposureCustomers)
    .set({ onRisk: sql`${exposureCustomers.onRisk} - ${policy.coverage}` })
    .where(eq(exposureCustomers.organisationId, policy.organisationId))
}

/** Gives unearned subsidy back to its budget. To be called after {@link releaseExposure}. */
export async function returnSubsidy(tx: Transaction, amount: bigint): Promise<void> {
  if (amount > 0n) await tx.execute(sql`SELECT return_subsidy(${amount})`)
}
