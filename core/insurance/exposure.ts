import { eq, sql } from 'drizzle-orm'
import { exposureCustomers } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'

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
