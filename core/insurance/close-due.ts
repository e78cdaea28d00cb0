import { and, asc, inArray, lte } from 'drizzle-orm'
import { insurancePolicies } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { postJournals } from '../ledger/post.ts'
import { closePolicy } from './close.ts'
import { releaseExposure } from './exposure.ts'
import type { PolicyRow } from './rows.ts'
import { ON_RISK } from './states.ts'

/** Each has a log entry and an announcement of its own. */
const MAX_BATCH = 100

/** Expires every policy whose term is over. Several may be at it at once. @returns how many it expired */
export async function closeDuePolicies(ctx: Context): Promise<number> {
  let done = 0
  for (;;) {
    const closed = await ctx.database.asSystem((tx) => closeBatch(ctx, tx))
    done += closed
    if (closed < MAX_BATCH) return done
  }
}

async function closeBatch(ctx: Context, tx: Transaction): Promise<number> {
  const due = await tx
    .select()
    .from(insurancePolicies)
    .where(and(inArray(insurancePolicies.status, ON_RISK), lte(insurancePolicies.endsAt, ctx.now)))
    .orderBy(asc(insurancePolicies.endsAt), asc(insurancePolicies.id))
    .limit(MAX_BATCH)
    .for('update', { skipLocked: true })
  const journals = await Promise.all(due.map((policy) => closePolicy(ctx, tx, policy, 'expired')))
  await postJournals(tx, journals.flat(), ctx.now)
  for (const released of byCustomer(due)) await releaseExposure(tx, released)
  return due.length
}

/** Once for each, always in the same order, so that two batches do not wait for each other in a circle. */
function byCustomer(policies: readonly PolicyRow[]) {
  const coverage = new Map<string, bigint>()
  for (const policy of policies) {
    const { organisationId } = policy
    coverage.set(organisationId, (coverage.get(organisationId) ?? 0n) + policy.coverage)
  }
  return [...coverage]
    .map(([organisationId, sum]) => ({ organisationId, coverage: sum }))
    .sort((a, b) => (a.organisationId < b.organisationId ? -1 : 1))
}
