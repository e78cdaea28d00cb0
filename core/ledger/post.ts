import { sql } from 'drizzle-orm'
import type { Account } from '../../schema/wire/money.ts'
import type { Transaction } from '../context.ts'

/** A line of a journal, micro-USD: debits positive, credits negative. */
export interface Posting {
  readonly account: Account
  /** Whose part of the account; see `core/ledger/accounts.ts`. Absent where the account has no parts. */
  readonly party?: string
  readonly amount: bigint
}

/** One event of the books. Templates for all of them are in `core/ledger/journals.ts`. */
export interface Journal {
  /** Names the event: the same key is posted once, and refused with other postings. */
  readonly key: string
  readonly kind: string
  readonly organisationId: string | null
  /** The policy, claim, payout or invoice that it is about. */
  readonly subject: string
  readonly postings: readonly Posting[]
}

/**
 * Posts journals in the transaction of what they tell of. All of a transaction's journals belong in one call, before the
 * hot rows of the caps. Zero lines are left out; a journal of nothing is not posted.
 *
 * @returns how many were new; those whose key is there already change nothing
 * @throws when one does not sum to zero, or its key is there with other postings
 */
export async function postJournals(
  tx: Transaction,
  journals: readonly Journal[],
  now: Date,
): Promise<number> {
  const rows = describeJournals(journals, now)
  if (rows.length === 0) return 0
  const [row] = await tx.execute<{ posted: number }>(
    sql`SELECT post_journals(${JSON.stringify(rows)}::jsonb) AS posted`,
  )
  return row!.posted
}

/** Journals as the database function `post_journals` takes them, for those who call it as a part of something larger. */
export function describeJournals(journals: readonly Journal[], now: Date) {
  return journals.flatMap((journal) => {
    const postings = journal.postings.filter(({ amount }) => amount !== 0n)
    return postings.length === 0 ? [] : [describe(journal, postings, now)]
  })
}

function describe(journal: Journal, postings: readonly Posting[], now: Date) {
  return {
    key: journal.key,
    kind: journal.kind,
    organisation_id: journal.organisationId,
    subject: journal.subject,
    posted_at: now.toISOString(),
    postings: postings.map(({ account, party = '', amount }) => ({ account, party, amount: String(amount) })),
  }
}
