import { sql } from 'drizzle-orm'
import { certificateKey, TRUST_ROOT_KEY, writeRecord } from '../../schema/kv.ts'
import { certificates, type outbox } from '../../schema/tables/index.ts'
import { toRecord } from '../certificates/look-up.ts'
import type { Context, Transaction } from '../context.ts'
import { currentTrustRoot } from '../keys/trust-root.ts'
import { markForPublication, TRUST_ROOT_ENTITY } from './mark.ts'
import type { PublicStore } from './store.ts'

export const BATCH_SIZE = 50
/** A drainer that dies holds its marks for this long. */
const LEASE_S = 30
const RETRY_BASE_S = 2
const MAX_RETRY_S = 300
/** More would be past the longest wait, and past a thousand PostgreSQL's numbers end. */
const MAX_DOUBLINGS = 10

type Mark = Pick<typeof outbox.$inferSelect, 'kind' | 'entityId' | 'generation'>
interface Rendered extends Mark {
  readonly key: string
  /** Null: there is nothing to publish, the mark is cleared. */
  readonly value: string | null
}

/**
 * Publishes what is marked: lease, read the current rows, put, and clear each mark that has not moved meanwhile.
 * Any number may run at once. A put that fails keeps its mark and is tried again later.
 *
 * @returns how many were taken up; fewer than {@link BATCH_SIZE} means that no more were due
 */
export async function drainOutbox(
  ctx: Context,
  store: PublicStore,
): Promise<{ taken: number; failed: number }> {
  const rendered = await ctx.database.asSystem(async (tx) => render(tx, await lease(tx)))
  const outcomes = await Promise.allSettled(
    rendered.map(async (item) => {
      if (item.value !== null) await store.put(item.key, item.value)
      return item
    }),
  )
  const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  if (done.length > 0) await ctx.database.asSystem((tx) => clear(tx, done))
  return { taken: rendered.length, failed: rendered.length - done.length }
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
      ON CONFLICT (kind, entity_id) DO UPDATE SET generation = EXCLUDED.generation`)
    await markForPublication(tx, 'trust_root', TRUST_ROOT_ENTITY, ctx.now)
  })
}

/** The database's clock decides on leases: drainers may disagree on the time. */
async function lease(tx: Transaction): Promise<Mark[]> {
  const rows = await tx.execute<{ kind: Mark['kind']; entity_id: string; generation: string }>(sql`
    UPDATE outbox SET
      leased_until = now() + make_interval(secs => greatest(${LEASE_S}, least(${MAX_RETRY_S}, ${RETRY_BASE_S} * power(2, least(attempts, ${MAX_DOUBLINGS}))))),
      attempts = attempts + 1
    WHERE (kind, entity_id) IN (
      SELECT kind, entity_id FROM outbox
      WHERE leased_until IS NULL OR leased_until < now()
      ORDER BY marked_at LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED)
    RETURNING kind, entity_id, generation`)
  return rows.map((row) => ({ kind: row.kind, entityId: row.entity_id, generation: Number(row.generation) }))
}

async function render(tx: Transaction, marks: readonly Mark[]): Promise<Rendered[]> {
  const ids = marks.filter((mark) => mark.kind === 'certificate').map((mark) => mark.entityId)
  const rows = ids.length === 0 ? [] : await readCertificates(tx, ids)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return Promise.all(
    marks.map(async (mark) => {
      if (mark.kind === 'trust_root') {
        const root = await currentTrustRoot(tx)
        return { ...mark, key: TRUST_ROOT_KEY, value: root === undefined ? null : JSON.stringify(root.jws) }
      }
      const row = byId.get(mark.entityId)
      // Test certificates are not published: no key that the edge trusts could vouch for them.
      const value = row?.livemode ? writeRecord(toRecord(row, mark.generation)) : null
      return { ...mark, key: certificateKey(mark.entityId), value }
    }),
  )
}

/** The ids go as one value, so that the statement is the same for any number of them. */
function readCertificates(tx: Transaction, ids: readonly string[]) {
  const { id, livemode, signed, signature, keyId } = certificates
  return tx
    .select({ id, livemode, signed, signature, keyId })
    .from(certificates)
    .where(sql`${id} IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)
}

async function clear(tx: Transaction, done: readonly Mark[]): Promise<void> {
  const marks = done.map(({ kind, entityId, generation }) => ({ kind, entityId, generation }))
  const published = sql`jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) AS done(kind text, "entityId" text, generation bigint)`
  await tx.execute(sql`
    DELETE FROM outbox USING ${published}
    WHERE outbox.kind = done.kind AND outbox.entity_id = done."entityId" AND outbox.generation = done.generation`)
  // Marked again meanwhile: due at once.
  await tx.execute(sql`
    UPDATE outbox SET leased_until = NULL FROM ${published}
    WHERE outbox.kind = done.kind AND outbox.entity_id = done."entityId"`)
}
