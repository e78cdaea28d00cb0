import { and, asc, gt, inArray, sql } from 'drizzle-orm'
import { insurancePolicies } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { earnJournal } from '../ledger/journals.ts'
import { postJournals } from '../ledger/post.ts'
import type { PolicyRow } from './rows.ts'
import { ON_RISK } from './states.ts'
import { earnedBy, type Shares } from './term.ts'

const MAX_BATCH = 500

/**
 * Earns what has become due of every policy on risk, by posting what is missing to the target: done twice, or by several at
 * once, it comes to the same.
 *
 * @returns for how many policies something was posted
 */
export async function earnPremiums(ctx: Context): Promise<number> {
  let done = 0
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after
    const batch = await ctx.database.asSystem((tx) => earnBatch(ctx, tx, from))
    done += batch.posted
    after = batch.last
  }
  return done
}

/** Policies that somebody else is at are left out: they are earned now, or have just ended. */
async function earnBatch(ctx: Context, tx: Transaction, after: string) {
  const policies = await tx
    .select()
    .from(insurancePolicies)
    .where(and(inArray(insurancePolicies.status, ON_RISK), gt(insurancePolicies.id, after)))
    .orderBy(asc(insurancePolicies.id))
    .limit(MAX_BATCH)
    .for('update', { skipLocked: true })
  const due = policies.flatMap((policy) => {
    const earned = earnedBy(policy, ctx.now)
    const amount = earned.premium + earned.subsidy - policy.earnedPremium - policy.earnedSubsidy
    return amount > 0n ? [{ policy, earned, amount }] : []
  })
  if (due.length > 0) {
    await write(ctx, tx, due)
    const journals = due.map(({ policy, earned, amount }) =>
      earnJournal(policy, amount, earned.premium + earned.subsidy),
    )
    await postJournals(tx, journals, ctx.now)
  }
  return { posted: due.length, last: policies.at(-1)?.id }
}

async function write(
  ctx: Context,
  tx: Transaction,
  due: readonly { readonly policy: PolicyRow; readonly earned: Shares }[],
): Promise<void> {
  const rows = due.map(({ policy, earned }) => ({
    id: policy.id,
    premium: String(earned.premium),
    subsidy: String(earned.subsidy),
  }))
  await tx.execute(sql`
    UPDATE insurance_policies p
    SET earned_premium_micros = e.premium, earned_subsidy_micros = e.subsidy, updated_at = ${ctx.now.toISOString()}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS e (id text, premium bigint, subsidy bigint)
    WHERE p.id = e.id`)
}
