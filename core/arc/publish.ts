import { and, eq, sql } from 'drizzle-orm'
import { arcEntries } from '../../schema/tables/index.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { appendEvent } from '../log/append-event.ts'
import { Refusal } from '../refusal.ts'
import { publishedEntry, recordedEntry } from './document.ts'

/**
 * The owner offers an entry to all: title, texts and fingerprints. Nothing is shown before an operator has read them.
 *
 * @throws {Refusal} `arc_entry_not_found`; `arc_entry_not_offered` when it is published or declined already
 */
export async function offerArcEntry(ctx: Context, actor: Actor, id: string, claim: Claim): Promise<Answer> {
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const own = and(eq(arcEntries.id, id), eq(arcEntries.organisationId, actor.organisationId))
    const [entry] = await tx.select().from(arcEntries).where(own).for('update')
    if (entry === undefined) throw new Refusal('arc_entry_not_found')
    if (entry.state !== 'private' && entry.state !== 'offered') throw new Refusal('arc_entry_not_offered')
    const offered = { state: 'offered' as const, updatedAt: ctx.now }
    await tx.update(arcEntries).set(offered).where(own)
    return settle(tx, claim, { ...entry, ...offered })
  })
}

/**
 * An operator publishes what was offered, under a number of its own, or declines it. Either is final.
 *
 * @throws {Refusal} `arc_entry_not_found`, `arc_entry_not_offered`
 */
export async function reviewArcEntry(
  ctx: Context,
  id: string,
  decision: 'publish' | 'decline',
  claim: Claim,
): Promise<Answer> {
  return ctx.database.asSystem(async (tx) => {
    const [entry] = await tx.select().from(arcEntries).where(eq(arcEntries.id, id)).for('update')
    if (entry === undefined) throw new Refusal('arc_entry_not_found')
    if (entry.state !== 'offered') throw new Refusal('arc_entry_not_offered')
    const decided =
      decision === 'publish'
        ? { state: 'published' as const, publicId: await nextPublicId(ctx, tx), updatedAt: ctx.now }
        : { state: 'declined' as const, updatedAt: ctx.now }
    await tx.update(arcEntries).set(decided).where(eq(arcEntries.id, id))
    if (decided.state === 'published') await recordPublication(ctx, tx, { ...entry, ...decided })
    return settle(tx, claim, { ...entry, ...decided })
  })
}

/** The facts are what `GET /v1/arc/{id}` serves from now on. */
async function recordPublication(
  ctx: Context,
  tx: Transaction,
  entry: typeof arcEntries.$inferSelect & { readonly publicId: string },
): Promise<void> {
  const facts = publishedEntry({
    ...entry,
    public_id: entry.publicId,
    fingerprint_bytes: entry.fingerprints.length,
  })
  await appendEvent(tx, { type: 'arc.published', subject: entry.publicId, facts }, ctx.now)
}

async function nextPublicId(ctx: Context, tx: Transaction): Promise<string> {
  const [row] = await tx.execute<{ number: string }>(sql`SELECT nextval('arc_number')::text AS number`)
  return `ARC-${ctx.now.getUTCFullYear()}-${row!.number.padStart(3, '0')}`
}

async function settle(tx: Transaction, claim: Claim, entry: typeof arcEntries.$inferSelect): Promise<Answer> {
  const answer = { status: 200, body: JSON.stringify(recordedEntry(entry)) }
  await claim.settle(tx, answer)
  return answer
}
