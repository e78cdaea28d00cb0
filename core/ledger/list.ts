import { and, asc, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { ledgerJournals, ledgerPostings } from '../../schema/tables/index.ts'
import type { JournalDocument, JournalListDocument, PostingDocument } from '../../schema/wire/ledger.ts'
import type { Context, Transaction } from '../context.ts'
import { toCents } from '../money.ts'
import { decodePosition, encodePosition } from '../paging.ts'

/**
 * Neither kind nor organisation has an index, which every journal would pay for: of the newest journals before the cursor so
 * many are looked through for one page.
 */
const MAX_LOOKED_THROUGH = 100_000n

export interface JournalFilter {
  readonly subject?: string | undefined
  readonly kind?: string | undefined
  readonly organisation?: string | undefined
  readonly limit: number
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined
}

type JournalRow = typeof ledgerJournals.$inferSelect
type PostingRow = typeof ledgerPostings.$inferSelect

/**
 * Journals with their postings, newest first. A page may hold fewer than `limit`, even none, while more follow.
 *
 * @throws {Refusal} `invalid_cursor`
 */
export async function listJournals(ctx: Context, filter: JournalFilter): Promise<JournalListDocument> {
  const cursor = filter.cursor === undefined ? undefined : decodePosition(filter.cursor)
  return ctx.database.asSystem(async (tx) => {
    const before = cursor ?? (await newestJournal(tx)) + 1n
    // By its subject a journal is found at once.
    const after = filter.subject === undefined ? before - MAX_LOOKED_THROUGH - 1n : 0n
    const rows = await findJournals(tx, filter, lt(ledgerJournals.id, before), gt(ledgerJournals.id, after))
    const shown = rows.slice(0, filter.limit)
    const postings = await findPostings(
      tx,
      shown.map(({ id }) => id),
    )
    return { data: shown.map((row) => describe(row, postings)), next_cursor: nextCursor(rows, shown, after) }
  })
}

async function newestJournal(tx: Transaction): Promise<bigint> {
  const [row] = await tx.execute<{ id: string }>(
    sql`SELECT coalesce(max(id), 0)::text AS id FROM ledger_journals`,
  )
  return BigInt(row!.id)
}

function findJournals(tx: Transaction, filter: JournalFilter, ...range: SQL[]): Promise<JournalRow[]> {
  const { subject, kind, organisation, limit } = filter
  return tx
    .select()
    .from(ledgerJournals)
    .where(
      and(
        ...range,
        subject === undefined ? undefined : eq(ledgerJournals.subject, subject),
        kind === undefined ? undefined : eq(ledgerJournals.kind, kind),
        organisation === undefined ? undefined : eq(ledgerJournals.organisationId, organisation),
      ),
    )
    .orderBy(desc(ledgerJournals.id))
    .limit(limit + 1)
}

async function findPostings(tx: Transaction, journals: bigint[]): Promise<Map<bigint, PostingRow[]>> {
  if (journals.length === 0) return new Map()
  const rows = await tx
    .select()
    .from(ledgerPostings)
    .where(inArray(ledgerPostings.journalId, journals))
    .orderBy(asc(ledgerPostings.journalId), asc(ledgerPostings.line))
  return Map.groupBy(rows, ({ journalId }) => journalId)
}

/** After the last one shown; where fewer were found, after the last one looked through. */
function nextCursor(found: readonly JournalRow[], shown: readonly JournalRow[], after: bigint) {
  if (found.length > shown.length) return encodePosition(shown.at(-1)!.id)
  return after > 0n ? encodePosition(after + 1n) : null
}

function describe(row: JournalRow, postings: ReadonlyMap<bigint, PostingRow[]>): JournalDocument {
  return {
    key: row.key,
    kind: row.kind,
    organisation_id: row.organisationId,
    subject: row.subject,
    posted_at: row.postedAt.toISOString(),
    currency: 'usd',
    postings: (postings.get(row.id) ?? []).map(describePosting),
  }
}

function describePosting({ account, party, amount }: PostingRow): PostingDocument {
  return {
    account: account as PostingDocument['account'],
    party: party === '' ? null : party,
    ...inColumns(amount),
    micros: String(amount),
  }
}

/** Whole cents, in the column where the amount stands. @param amount debits less credits */
export function inColumns(amount: bigint): { debit: number; credit: number } {
  return amount < 0n ? { debit: 0, credit: toCents(-amount) } : { debit: toCents(amount), credit: 0 }
}
