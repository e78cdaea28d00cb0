import { asc, eq } from 'drizzle-orm'
import { arcEntries } from '../../schema/tables/index.ts'
import type { ArcEntryDocument, RecordedArc } from '../../schema/wire/arc.ts'
import type { Actor, Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { type PublishedRow, publishedEntry, recordedEntry, shippedEntries } from './document.ts'

const MAX_ENTRIES = 2_000

/** What anyone may read. */
export interface ReadCatalogue {
  readonly entries: ArcEntryDocument[]
  /** False when the database did not answer: then only what comes with the software is in it. */
  readonly complete: boolean
}

/** Every entry that anyone may read, by number. */
export async function readCatalogue(ctx: Context): Promise<ReadCatalogue> {
  try {
    const published = await ctx.database.direct<PublishedRow>(PUBLISHED)
    return { entries: [...shippedEntries(), ...published.map(publishedEntry)], complete: true }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { entries: shippedEntries(), complete: false }
  }
}

const PUBLISHED = { text: 'SELECT * FROM published_arc_entries()', parameters: [] }

/** The organisation's own entries, oldest first. */
export async function listRecorded(ctx: Context, actor: Actor): Promise<RecordedArc[]> {
  const rows = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx
      .select()
      .from(arcEntries)
      .where(eq(arcEntries.organisationId, actor.organisationId))
      .orderBy(asc(arcEntries.createdAt), asc(arcEntries.id))
      .limit(MAX_ENTRIES),
  )
  return rows.map(recordedEntry)
}

/** What organisations have offered and no operator has decided on. For operators. */
export async function listOffered(ctx: Context): Promise<RecordedArc[]> {
  const rows = await ctx.database.asSystem((tx) =>
    tx
      .select()
      .from(arcEntries)
      .where(eq(arcEntries.state, 'offered'))
      .orderBy(asc(arcEntries.updatedAt))
      .limit(MAX_ENTRIES),
  )
  return rows.map(recordedEntry)
}
