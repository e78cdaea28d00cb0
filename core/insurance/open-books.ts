import { INSURANCE_STATE_ID, insuranceState } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import { capitalJournal } from '../ledger/journals.ts'
import { postJournals } from '../ledger/post.ts'

/**
 * Makes the circuit breaker's row and posts the initial capital, once. Later changes of the two settings change nothing: capital
 * and budget are what they were when the books were opened.
 */
export async function openBooks(ctx: Context): Promise<void> {
  const { initialCapital, subsidyBudget } = ctx.settings.insurance
  await ctx.database.asSystem(async (tx) => {
    const made = await tx
      .insert(insuranceState)
      .values({
        id: INSURANCE_STATE_ID,
        breaker: 'open',
        breakerChangedAt: ctx.now,
        subsidyBudget,
        subsidyUsed: 0n,
      })
      .onConflictDoNothing()
      .returning({ id: insuranceState.id })
    if (made.length > 0) await postJournals(tx, [capitalJournal(initialCapital)], ctx.now)
  })
}
