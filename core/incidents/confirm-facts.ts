import { and, asc, eq, inArray, lte, min, sql } from 'drizzle-orm'
import { deployments, incidents } from '../../schema/tables/index.ts'
import type { Outside } from '../back-office/outside.ts'
import { CONNECTIONS_IN_PARALLEL, inParallel } from '../back-office/parallel.ts'
import type { Task, TaskResult } from '../back-office/run.ts'
import type { Context, Transaction } from '../context.ts'
import { activatePolicies } from '../insurance/activate.ts'
import { askOfDeployment, askOfIncident, findIntegrations } from './ask-providers.ts'
import type { Judgement } from './judge-fact.ts'
import type { DeploymentRow, IncidentRow, StoredDeploymentFact, StoredIncidentFact } from './rows.ts'
import { writeIncident } from './store-incident.ts'

/** A question takes two requests. */
const IN_PARALLEL = CONNECTIONS_IN_PARALLEL / 2
const BATCH_SIZE = 20
/** Whoever dies holds its batch for this long. An API answers, or does not, within 5 s. */
const LEASE_MS = 30_000
/** Until it is asked again. After the last of these it is asked for the last time. */
const RETRY_MS = [1_000, 5_000, 10_000] as const

/** Asks the providers' own APIs for deployments and incidents that their webhooks told of. */
export const factsTask: Task = {
  name: 'facts',
  async run(ctx, outside) {
    const [ofDeployments, ofIncidents] = [
      await confirmDeployments(ctx, outside),
      await confirmIncidents(ctx, outside),
    ]
    const times = [ofDeployments.nextAt, ofIncidents.nextAt].flatMap((at) => at?.getTime() ?? [])
    return {
      done: ofDeployments.done + ofIncidents.done,
      nextAt: times.length === 0 ? null : new Date(Math.min(...times)),
    }
  },
}

async function confirmDeployments(ctx: Context, { providers }: Outside): Promise<TaskResult> {
  const rows = await ctx.database.asSystem((tx) => leaseDeployments(ctx, tx))
  const integrations = await findIntegrations(ctx, rows)
  await eachOrFail(rows, async (row) => {
    const judged = await askOfDeployment(ctx, providers, row, integrations.get(row.integrationId))
    await ctx.database.asSystem((tx) => settleDeployment(ctx, tx, row, judged))
  })
  const [next] = await ctx.database.asSystem((tx) =>
    tx
      .select({ at: min(deployments.nextFactAt) })
      .from(deployments)
      .where(eq(deployments.factState, 'pending')),
  )
  return { done: rows.length, nextAt: next?.at ?? null }
}

async function confirmIncidents(ctx: Context, { providers }: Outside): Promise<TaskResult> {
  const rows = await ctx.database.asSystem((tx) => leaseIncidents(ctx, tx))
  const integrations = await findIntegrations(ctx, rows)
  await eachOrFail(rows, async (row) => {
    const judged = await askOfIncident(ctx, providers, row, integrations.get(row.integrationId))
    await ctx.database.asSystem((tx) => settleIncident(ctx, tx, row, judged))
  })
  const [next] = await ctx.database.asSystem((tx) =>
    tx
      .select({ at: min(incidents.nextFactAt) })
      .from(incidents)
      .where(eq(incidents.factState, 'pending')),
  )
  return { done: rows.length, nextAt: next?.at ?? null }
}

/** A few at once. One that fails keeps its lease and holds no other back. */
async function eachOrFail<Row>(rows: readonly Row[], work: (row: Row) => Promise<void>): Promise<void> {
  const outcomes = await inParallel(IN_PARALLEL, rows, work)
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (failures.length > 0) throw new AggregateError(failures, 'facts could not be confirmed')
}

function leaseDeployments(ctx: Context, tx: Transaction): Promise<DeploymentRow[]> {
  const due = tx
    .select({ id: deployments.id })
    .from(deployments)
    .where(and(eq(deployments.factState, 'pending'), lte(deployments.nextFactAt, ctx.now)))
    .orderBy(asc(deployments.nextFactAt))
    .limit(BATCH_SIZE)
    .for('update', { skipLocked: true })
  return tx
    .update(deployments)
    .set({ factAttempts: sql`${deployments.factAttempts} + 1`, nextFactAt: leaseEnd(ctx) })
    .where(inArray(deployments.id, due))
    .returning()
}

function leaseIncidents(ctx: Context, tx: Transaction): Promise<IncidentRow[]> {
  const due = tx
    .select({ id: incidents.id })
    .from(incidents)
    .where(and(eq(incidents.factState, 'pending'), lte(incidents.nextFactAt, ctx.now)))
    .orderBy(asc(incidents.nextFactAt))
    .limit(BATCH_SIZE)
    .for('update', { skipLocked: true })
  return tx
    .update(incidents)
    .set({ factAttempts: sql`${incidents.factAttempts} + 1`, nextFactAt: leaseEnd(ctx) })
    .where(inArray(incidents.id, due))
    .returning()
}

function leaseEnd(ctx: Context): Date {
  return new Date(ctx.now.getTime() + LEASE_MS)
}

/** What is known in the end is what a deployment does: it activates policies, unless its provider knows better. */
async function settleDeployment(
  ctx: Context,
  tx: Transaction,
  asked: DeploymentRow,
  judged: Judgement<StoredDeploymentFact>,
): Promise<void> {
  const [row] = await tx.select().from(deployments).where(eq(deployments.id, asked.id)).for('update')
  if (row === undefined || !stillAsked(row, asked)) return
  const fact = judged.verdict === 'confirmed' ? judged.fact : null
  const [after] = await tx
    .update(deployments)
    .set({
      ...factColumns(ctx, asked, judged),
      ...(fact === null ? {} : { fact, deployedAt: new Date(fact.deployed_at) }),
    })
    .where(eq(deployments.id, row.id))
    .returning()
  if (after!.factState === 'confirmed' || after!.factState === 'unavailable') {
    await activatePolicies(ctx, tx, after!)
  }
}

/** Settlement waits for facts: it is told at once when there is one, or will be none. */
async function settleIncident(
  ctx: Context,
  tx: Transaction,
  asked: IncidentRow,
  judged: Judgement<StoredIncidentFact>,
): Promise<void> {
  const [row] = await tx.select().from(incidents).where(eq(incidents.id, asked.id)).for('update')
  if (row === undefined || !stillAsked(row, asked) || isOver(row) !== isOver(asked)) return
  const confirmed = judged.verdict === 'confirmed' ? judged.fact : null
  const columns = factColumns(ctx, asked, judged)
  const settled = columns.factState !== 'pending'
  const [after] = await tx
    .update(incidents)
    .set({
      ...columns,
      ...(confirmed === null ? {} : { fact: confirmed }),
      ...(columns.factState === 'refuted' ? { fact: null } : {}),
      ...(settled && row.settlement === 'due' ? { nextSettlementAt: ctx.now } : {}),
      updatedAt: ctx.now,
    })
    .where(eq(incidents.id, row.id))
    .returning()
  if (confirmed !== null) await writeIncident(ctx, tx, after!, { fact: confirmed })
}

/** An answer from before its end says nothing of its end. */
function isOver(row: IncidentRow): boolean {
  return row.resolutionReceivedAt !== null
}

/** Not if it has been asked again since. */
function stillAsked(
  row: { readonly factState: string; readonly factAttempts: number },
  asked: { readonly factAttempts: number },
): boolean {
  return row.factState === 'pending' && row.factAttempts === asked.factAttempts
}

function factColumns(
  ctx: Context,
  { factAttempts }: { readonly factAttempts: number },
  judged: Judgement<unknown>,
) {
  if (judged.verdict !== 'later') return { factState: judged.verdict, nextFactAt: null }
  const delay = RETRY_MS[factAttempts - 1]
  if (delay === undefined) return { factState: judged.otherwise, nextFactAt: null }
  return { factState: 'pending' as const, nextFactAt: new Date(ctx.now.getTime() + delay) }
}
