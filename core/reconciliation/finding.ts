import type { SQL } from 'drizzle-orm'
import type { Outside } from '../back-office/outside.ts'
import type { Context, Transaction } from '../context.ts'

/** What a comparison can find. A code never changes its meaning: operators alert on it. `docs/runbook.md` says what each means. */
export const FINDING_CODES = [
  'customer_exposure_differs',
  'day_exposure_differs',
  'subsidy_used_differs',
  'balance_differs',
  'part_without_owner',
  'journal_unbalanced',
  'unearned_differs',
  'policy_reserved_differs',
  'policy_used_differs',
  'case_reserve_differs',
  'claims_payable_differs',
  'ceded_differs',
  'recoverable_negative',
  'claim_paid_differs',
  'payout_orphaned',
  'payout_missing',
  'payout_without_journal',
  'payout_overdue',
  'payout_without_credit',
  'billing_event_failed',
  'billing_event_overdue',
  'webhook_given_up',
  'rail_change_unexplained',
  'rail_change_missing',
  'check_failed',
  'findings_left_out',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

export interface Finding {
  readonly code: FindingCode
  /** An id, a day or an account. */
  readonly subject: string
  /** What was compared; amounts are micro-USD. */
  readonly figures: Readonly<Record<string, string>>
}

/** One kind of comparison. Each statement has one snapshot, so what is committed together is seen together. */
export interface Check {
  readonly name: string
  run(ctx: Context, outside: Outside): Promise<Finding[]>
}

/** A run reports no more than this, and no statement has to find more. */
export const MAX_FINDINGS = 1_000

/** Rows `{ subject, … }` of text, each of which is a finding with the rest of the row as its figures. */
export async function findBy(tx: Transaction, code: FindingCode, query: SQL): Promise<Finding[]> {
  const rows = await tx.execute<Record<string, string | null>>(query)
  return rows.map(({ subject, ...figures }) => ({
    code,
    subject: subject ?? '',
    figures: Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value ?? ''])),
  }))
}

/** A page of a table, by its position or id: `after` is not in it, `upTo` is. */
export interface Range {
  readonly after: bigint
  readonly upTo: bigint
}

/** Looks at what has a position up to `newest`, page by page, each in its own transaction. What comes later is of another night. */
export async function inRanges(
  ctx: Context,
  table: { readonly newest: SQL; readonly page: bigint },
  work: (tx: Transaction, range: Range) => Promise<Finding[]>,
): Promise<Finding[]> {
  const [row] = await ctx.database.asSystem((tx) => tx.execute<{ newest: string | null }>(table.newest))
  const newest = BigInt(row?.newest ?? 0)
  const findings: Finding[] = []
  for (let after = 0n; after < newest && findings.length < MAX_FINDINGS; after += table.page) {
    const range = { after, upTo: after + table.page < newest ? after + table.page : newest }
    findings.push(...(await ctx.database.asSystem((tx) => work(tx, range))))
  }
  return findings
}
