import { type SQL, sql } from 'drizzle-orm'
import { TIERS } from '../../schema/wire/money.ts'
import type { Context, Transaction } from '../context.ts'
import { DEFAULTS } from '../insurance/defaults.ts'
import {
  type ClaimCell,
  type KeyRow,
  keyOf,
  type Measured,
  type MonthActivity,
  type MovementCell,
} from './cells.ts'
import { readPolicies, readPolicyActivity } from './measure-policies.ts'

/**
 * Reads what a review needs, added up by the database: as many rows as there are months, tiers and buckets, however many
 * policies there are. Each query is a transaction of its own, which has to end in time; policies are read in parts. All look
 * at what was dated before `valuedAt`, so that they see the same.
 *
 * @param since the first instant of the month under review
 */
export async function measure(ctx: Context, since: Date, valuedAt: Date): Promise<Measured> {
  const at = instant(valuedAt)
  const read = <T>(work: (tx: Transaction) => Promise<T>) => ctx.database.asSystem(work)
  return {
    policies: await readPolicies(ctx, at),
    claims: await read((tx) => readClaims(tx, at)),
    movements: await read((tx) => readMovements(tx, at)),
    activity: {
      policies: await readPolicyActivity(ctx, instant(since), at),
      claims: await read((tx) => readClaimActivity(tx, instant(since), at)),
    },
  }
}

const instant = (date: Date) => sql`${date.toISOString()}::timestamptz`
const CELL = sql`to_char(p.bound_at AT TIME ZONE 'UTC', 'YYYY-MM') AS origin, p.tier, p.risk_level AS bucket`

interface ClaimRow extends KeyRow {
  readonly claims: number
  readonly limited: string
  readonly retained: string
}

/** The coverage of a tier; that of its policy where the tier is an organisation's own. */
const LIMIT = sql`CASE p.tier ${sql.join(
  TIERS.map((tier) => sql`WHEN ${tier} THEN ${String(DEFAULTS.tiers[tier].coverage)}::bigint`),
  sql` `,
)} ELSE p.coverage_micros END`
/** What was lost: all that it cost where all that was asked for was approved, however little of it was covered. */
const LOSS = sql`CASE WHEN c.approved_micros < c.requested_micros THEN c.approved_micros ELSE c.cost_micros END`

async function readClaims(tx: Transaction, at: SQL): Promise<ClaimCell[]> {
  const limited = sql`least(${LOSS}, ${LIMIT})`
  const retained = sql`least(${limited}, ${String(DEFAULTS.reinsuranceThreshold)}::bigint)`
  const rows = await tx.execute<ClaimRow>(sql`
    SELECT ${CELL}, count(*)::int AS claims, sum(${limited})::text AS limited, sum(${retained})::text AS retained
    FROM insurance_claims c JOIN insurance_policies p ON p.id = c.policy_id
    WHERE c.approved_micros > 0 AND c.decided_at < ${at}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`)
  return rows.map((row) => ({
    ...keyOf(row),
    claims: row.claims,
    limited: BigInt(row.limited),
    retained: BigInt(row.retained),
  }))
}

interface MovementRow extends KeyRow {
  readonly age: number
  readonly incurred: string
  readonly paid: string
  readonly ceded: string
}

/** From the books, where every change of a claim is dated and none is ever changed. The subject of its journals is the claim. */
async function readMovements(tx: Transaction, at: SQL): Promise<MovementCell[]> {
  const months = (date: SQL) =>
    sql`(extract(year FROM ${date} AT TIME ZONE 'UTC') * 12 + extract(month FROM ${date} AT TIME ZONE 'UTC'))`
  const paid = sql`x.account = 'claims_payable' AND j.kind = 'payout' OR x.account = 'claims_incurred' AND j.kind = 'reversal'`
  const total = (what: SQL) => sql`coalesce(sum(x.amount_micros) FILTER (WHERE ${what}), 0)::text`
  const rows = await tx.execute<MovementRow>(sql`
    SELECT ${CELL}, (${months(sql`j.posted_at`)} - ${months(sql`p.bound_at`)})::int AS age,
      ${total(sql`x.account = 'claims_incurred'`)} AS incurred, ${total(paid)} AS paid,
      (-coalesce(sum(x.amount_micros) FILTER (WHERE x.account = 'reinsurers_share'), 0))::text AS ceded
    FROM ledger_postings x JOIN ledger_journals j ON j.id = x.journal_id
      JOIN insurance_claims c ON c.id = j.subject JOIN insurance_policies p ON p.id = c.policy_id
    WHERE x.account IN ('claims_incurred', 'claims_payable', 'reinsurers_share') AND j.posted_at < ${at}
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`)
  return rows.map((row) => ({
    ...keyOf(row),
    age: row.age,
    incurred: BigInt(row.incurred),
    paid: BigInt(row.paid),
    ceded: BigInt(row.ceded),
  }))
}

interface ClaimActivityRow extends Record<string, unknown> {
  readonly filed: number
  readonly approved: number
  readonly denied: number
  readonly withdrawn: number
  readonly paid: number
  readonly reversed: number
}

async function readClaimActivity(tx: Transaction, since: SQL, at: SQL): Promise<MonthActivity['claims']> {
  const became = (...statuses: string[]) =>
    sql`count(DISTINCT claim_id) FILTER (WHERE from_status IS DISTINCT FROM to_status AND to_status IN (${sql.join(
      statuses.map((status) => sql`${status}`),
      sql`, `,
    )}))::int`
  const [row] = await tx.execute<ClaimActivityRow>(sql`
    SELECT ${became('filed')} AS filed, ${became('auto_approved', 'approved')} AS approved, ${became('denied')} AS denied,
      ${became('withdrawn')} AS withdrawn, ${became('paid')} AS paid, ${became('reversed')} AS reversed
    FROM claim_events WHERE at >= ${since} AND at < ${at}`)
  return { ...row! }
}
