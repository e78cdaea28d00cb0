import { and, asc, eq, inArray, lte, min } from 'drizzle-orm'
import { incidents } from '../../schema/tables/index.ts'
import type { Task, TaskResult } from '../back-office/run.ts'
import type { Context } from '../context.ts'
import { judgeAnew } from './judge-anew.ts'
import { settleIncident } from './settle-incident.ts'

const BATCH = 20
/** Nobody else takes an incident for this long: the work is one transaction each, far below it. */
const LEASE_MS = 30_000

/** Resolved incidents: whose fault, and what is due for it. */
export const settlementTask: Task = { name: 'settle-incidents', run: settleIncidents }

/** One that fails holds no other back; it comes again when its lease ends. */
async function settleIncidents(ctx: Context): Promise<TaskResult> {
  const failures: unknown[] = []
  let done = 0
  let claimed = 0
  for (const id of await lease(ctx)) {
    try {
      const outcome = await ctx.database.asSystem((tx) => settleIncident(ctx, tx, id))
      if (outcome !== 'waiting' && outcome !== 'gone') done++
      if (outcome === 'claimed' || outcome === 'in_part') claimed++
    } catch (error) {
      failures.push(error)
    }
  }
  if (claimed > 0) await judgeAnew(ctx)
  if (failures.length > 0) throw failures[0]
  return { done, nextAt: await nextDue(ctx) }
}

async function lease(ctx: Context): Promise<string[]> {
  return ctx.database.asSystem(async (tx) => {
    const due = tx
      .select({ id: incidents.id })
      .from(incidents)
      .where(and(eq(incidents.settlement, 'due'), lte(incidents.nextSettlementAt, ctx.now)))
      .orderBy(asc(incidents.nextSettlementAt))
      .limit(BATCH)
      .for('update', { skipLocked: true })
    const leased = await tx
      .update(incidents)
      .set({ nextSettlementAt: new Date(ctx.now.getTime() + LEASE_MS) })
      .where(inArray(incidents.id, due))
      .returning({ id: incidents.id, position: incidents.position })
    return leased.sort((a, b) => Number(a.position! - b.position!)).map(({ id }) => id)
  })
}

async function nextDue(ctx: Context): Promise<Date | null> {
  return ctx.database.asSystem(async (tx) => {
    const [row] = await tx
      .select({ at: min(incidents.nextSettlementAt) })
      .from(incidents)
      .where(eq(incidents.settlement, 'due'))
    return row!.at
  })
}
