import { sql } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { divideHalfEven, MICROS_PER_CENT } from '../money.ts'
import { csv } from './csv.ts'
import { monthNumber, monthStart } from './triangle.ts'

/** Claims with a ceded part in one month: each is above $50,000. */
const MAX_ROWS = 10_000

const HEADER = [
  'claim',
  'policy',
  'tier',
  'risk_level',
  'loss_date',
  'decision_date',
  'paid_date',
  'gross_usd',
  'retention_usd',
  'ceded_usd',
  'recovered_usd',
  'reversed_usd',
  'state',
]

interface Row extends Record<string, unknown> {
  readonly claim: string
  readonly policy: string
  readonly tier: string
  readonly risk_level: string
  readonly loss_date: string
  readonly decision_date: string | null
  readonly paid_date: string | null
  readonly gross: string
  readonly ceded: string
  readonly recovered: string
  readonly reversed: string
  readonly state: string
}

/**
 * The reinsurers' account of a month, as CSV: one row for each claim whose ceded part was decided, changed, recovered or
 * taken back in it, with what all of that came to at the month's end (or by now). From the books; it names no organisation.
 *
 * @param month `YYYY-MM`, UTC
 */
export async function readBordereau(ctx: Context, month: string): Promise<string> {
  const from = monthStart(monthNumber(month)).toISOString()
  const to = monthStart(monthNumber(month) + 1).toISOString()
  const total = (what: string) => sql.raw(`coalesce(sum(x.amount_micros) FILTER (WHERE ${what}), 0)::text`)
  const rows = await ctx.database.asSystem((tx) =>
    tx.execute<Row>(sql`
      WITH moved AS (
        SELECT DISTINCT j.subject FROM ledger_postings x JOIN ledger_journals j ON j.id = x.journal_id
        WHERE (x.account = 'reinsurers_share' OR x.account = 'reinsurance_recoverable')
          AND j.posted_at >= ${from}::timestamptz AND j.posted_at < ${to}::timestamptz
      )
      SELECT c.id AS claim, c.policy_id AS policy, p.tier, p.risk_level, ${day('i.opened_at')} AS loss_date,
        ${day('c.decided_at')} AS decision_date,
        ${day("max(j.posted_at) FILTER (WHERE j.kind = 'payout')")} AS paid_date,
        (-sum(CASE WHEN j.kind = 'claim_approved' AND x.account = 'claims_payable' THEN x.amount_micros ELSE 0 END))::text AS gross,
        (-sum(CASE WHEN j.kind = 'ceded' AND x.account = 'reinsurers_share' THEN x.amount_micros ELSE 0 END))::text AS ceded,
        ${total("j.kind = 'recovery' AND x.account = 'cash_reserve'")} AS recovered,
        ${total("j.kind = 'cession_reversal' AND x.account = 'reinsurers_share'")} AS reversed,
        c.status AS state
      FROM moved JOIN insurance_claims c ON c.id = moved.subject
        JOIN insurance_policies p ON p.id = c.policy_id JOIN incidents i ON i.id = c.incident_id
        JOIN ledger_journals j ON j.subject = c.id AND j.posted_at < ${to}::timestamptz
        JOIN ledger_postings x ON x.journal_id = j.id
      GROUP BY c.id, p.id, i.id ORDER BY c.decided_at, c.id LIMIT ${MAX_ROWS}`),
  )
  return csv([HEADER, ...rows.map(describe)])
}

function day(column: string) {
  return sql.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`)
}

function describe(row: Row): string[] {
  const { gross, ceded } = row
  return [
    row.claim,
    row.policy,
    row.tier,
    row.risk_level,
    row.loss_date,
    row.decision_date ?? '',
    row.paid_date ?? '',
    dollars(BigInt(gross)),
    dollars(BigInt(gross) - BigInt(ceded)),
    dollars(BigInt(ceded)),
    dollars(BigInt(row.recovered)),
    dollars(BigInt(row.reversed)),
    row.state,
  ]
}

/** `1234.50`: what spreadsheets of any language are told to read, and no amount of ours is negative here. */
function dollars(amount: bigint): string {
  const cents = divideHalfEven(amount, MICROS_PER_CENT).toString().padStart(3, '0')
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`
}
