import { type SQL, sql } from 'drizzle-orm'
import type { Context, Transaction } from '../context.ts'
import { within } from '../deadline.ts'
import { markForPublication, type PublishedKind, TRUST_ROOT_ENTITY } from './mark.ts'
import { renderCertificates } from './render/certificate.ts'
import type { Mark, Put, Render } from './render/render.ts'
import { renderStatusLists } from './render/status-list.ts'
import { renderTrustRoot } from './render/trust-root.ts'
import type { Stores } from './store.ts'

/** Marks of one round; as many status lists go before them. */
export const BATCH_SIZE = 50
/** A drainer that dies holds its marks for this long. */
const LEASE_S = 30
const RETRY_BASE_S = 2
const MAX_RETRY_S = 300
/** More would be past the longest wait, and past a thousand PostgreSQL's numbers end. */
const MAX_DOUBLINGS = 10
/** A store that does not answer holds back the next round for no longer: a revocation is in its list within 5 s. */
const PUT_LIMIT_MS = 4_000

/** Where each kind of entity goes, and as what. */
const RENDER: Readonly<Record<PublishedKind, Render>> = {
  certificate: renderCertificates,
  trust_root: renderTrustRoot,
  status_list: renderStatusLists,
}

interface Drained {
  /** How many were taken up, and how many of these failed. */
  readonly taken: number
  readonly failed: number
  /** Whether some are due now: there were more, or one was marked again while it was published. */
  readonly moreDue: boolean
}

interface Work {
  readonly mark: Mark
  readonly put: Put | null
}

/**
 * Publishes what is marked: lease, read the current rows, put, and clear each mark that has not moved meanwhile.
 * Any number may run at once. A put that fails keeps its mark and is tried again later.
 */
export async function drainOutbox(ctx: Context, stores: Stores): Promise<Drained> {
  const work = await ctx.database.asSystem(async (tx) => render(tx, await lease(tx)))
  const groups = await Promise.all(work.map((group) => publish(ctx, stores, group)))
  const total = (count: keyof Published) => groups.reduce((sum, group) => sum + group[count], 0)
  const taken = total('taken')
  return { taken, failed: total('failed'), moreDue: taken >= BATCH_SIZE || total('markedAgain') > 0 }
}

/**
 * Marks again what changed lately, in case a late put of a dying drainer overwrote a newer one, and the trust root,
 * which is little and must be there.
 */
export async function sweep(ctx: Context, since: Date): Promise<void> {
  await ctx.database.asSystem(async (tx) => {
    await tx.execute(sql`
      INSERT INTO outbox (kind, entity_id, generation, marked_at)
      SELECT 'certificate', id, nextval('publication_generation'), ${ctx.now.toISOString()}::timestamptz FROM certificates
      WHERE updated_at > ${since.toISOString()}::timestamptz
      ORDER BY id
      ON CONFLICT (kind, entity_id) DO UPDATE SET generation = EXCLUDED.generation`)
    await markForPublication(tx, 'trust_root', TRUST_ROOT_ENTITY, ctx.now)
  })
}

/**
 * The database's clock decides on leases: drainers may disagree on the time. Status lists go first: they are few, and a
 * backlog of certificates must not hold a revocation back.
 */
async function lease(tx: Transaction): Promise<Mark[]> {
  const due = (which: SQL) => sql`
    SELECT kind, entity_id FROM outbox
    WHERE ${which} AND (leased_until IS NULL OR leased_until < now())
    ORDER BY marked_at LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED`
  const rows = await tx.execute<{ kind: Mark['kind']; entity_id: string; generation: string }>(sql`
    WITH status_list AS (${due(sql`kind = 'status_list'`)}), other AS (${due(sql`kind <> 'status_list'`)})
    UPDATE outbox SET
      leased_until = now() + make_interval(secs => greatest(${LEASE_S}, least(${MAX_RETRY_S}, ${RETRY_BASE_S} * power(2, least(attempts, ${MAX_DOUBLINGS}))))),
      attempts = attempts + 1
    WHERE (kind, entity_id) IN (TABLE status_list UNION ALL TABLE other)
    RETURNING kind, entity_id, generation`)
  return rows.map((row) => ({ kind: row.kind, entityId: row.entity_id, generation: Number(row.generation) }))
}

/** By kind: each is put and cleared by itself, so that a slow store holds back only what goes there. */
async function render(tx: Transaction, marks: readonly Mark[]): Promise<Work[][]> {
  const groups = Map.groupBy(marks, (mark) => mark.kind)
  return Promise.all(
    [...groups].map(async ([kind, group]) => {
      const puts = await RENDER[kind](tx, group)
      return group.map((mark, index) => ({ mark, put: puts[index] ?? null }))
    }),
  )
}

interface Published {
  readonly taken: number
  readonly failed: number
  readonly markedAgain: number
}

async function publish(ctx: Context, stores: Stores, work: readonly Work[]): Promise<Published> {
  const outcomes = await Promise.allSettled(
    work.map(async ({ mark, put }) => {
      if (put !== null) await within(PUT_LIMIT_MS, put(ctx, stores), 'the store')
      return mark
    }),
  )
  const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const markedAgain = done.length === 0 ? 0 : await ctx.database.asSystem((tx) => clear(tx, done))
  return { taken: work.length, failed: work.length - done.length, markedAgain }
}

/**
 * Marks are locked in the order in which all who mark several lock them, so that none waits for another in a circle.
 *
 * @returns how many were marked again meanwhile: they are due at once
 */
async function clear(tx: Transaction, done: readonly Mark[]): Promise<number> {
  const published = sql`jsonb_to_recordset(${JSON.stringify(done)}::jsonb) AS done(kind text, "entityId" text, generation bigint)`
  const isOne = sql`outbox.kind = done.kind AND outbox.entity_id = done."entityId"`
  await tx.execute(sql`
    SELECT FROM outbox JOIN ${published} ON ${isOne} ORDER BY outbox.kind, outbox.entity_id FOR UPDATE OF outbox`)
  await tx.execute(sql`
    DELETE FROM outbox USING ${published} WHERE ${isOne} AND outbox.generation = done.generation`)
  const again = await tx.execute(sql`
    UPDATE outbox SET leased_until = NULL FROM ${published} WHERE ${isOne} RETURNING 1`)
  return again.length
}
