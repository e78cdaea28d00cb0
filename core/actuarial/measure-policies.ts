import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { maximum } from '../money.ts'
import { type KeyRow, keyOf, type MonthActivity, type PolicyCell } from './cells.ts'
import { REPORTING_LAG_DAYS } from './ibnr.ts'

/** Of one query, which then takes a tenth of a second. */
const POLICIES_PER_QUERY = 50_000

interface PolicyRow extends KeyRow {
  readonly policies: number
  readonly coverage: string
  readonly earned_premium: string
  readonly earned_subsidy: string
  readonly exposure: number
  readonly known: number
  readonly whole: number
}

/**
 * Policies by month of binding, tier and bucket. One that was voided never was; one that is exhausted has given all of its
 * cover; one that was cancelled, its part. What is earned is what the books have, to a micro-dollar for each policy.
 */
export async function readPolicies(ctx: Context, at: SQL): Promise<PolicyCell[]> {
  const cells = new Map<string, PolicyCell>()
  for await (const part of parts(ctx)) {
    for (const row of await readPart(ctx, at, part)) {
      const cell = cellOf(row)
      const key = `${row.origin}:${row.tier}:${row.bucket}`
      const before = cells.get(key)
      cells.set(key, before === undefined ? cell : add(before, cell))
    }
  }
  return [...cells.values()]
}

async function readPart(ctx: Context, at: SQL, part: SQL): Promise<readonly PolicyRow[]> {
  const closed = sql`coalesce(closed_at < ${at}, false)`
  const run = (until: SQL) => sql`
    CASE WHEN ${closed} AND status = 'exhausted' THEN 1
      ELSE greatest(0, date_part('epoch', least(${until}, ends_at, CASE WHEN ${closed} THEN closed_at END) - bound_at)
        / date_part('epoch', ends_at - bound_at)) END`
  const earned = (amount: SQL, earnedUntilClosed: SQL) =>
    sql`sum(CASE WHEN closed THEN ${earnedUntilClosed} ELSE floor(${amount} * run)::bigint END)::text`
  return ctx.database.asSystem((tx) =>
    tx.execute<PolicyRow>(sql`
      SELECT to_char(month, 'YYYY-MM') AS origin, g.* FROM (
        SELECT month, tier, bucket, count(*)::int AS policies, max(coverage_micros)::text AS coverage,
          ${earned(sql`premium_micros`, sql`earned_premium_micros`)} AS earned_premium,
          ${earned(sql`subsidy_micros`, sql`earned_subsidy_micros`)} AS earned_subsidy,
          sum(run) AS exposure, sum(known) AS known,
          sum(CASE WHEN closed AND status = 'cancelled' THEN run ELSE 1 END) AS whole
        FROM (
          SELECT *, date_trunc('month', bound_at AT TIME ZONE 'UTC') AS month, risk_level AS bucket, ${closed} AS closed,
            ${run(at)} AS run, ${run(sql`${at} - make_interval(days => ${REPORTING_LAG_DAYS})`)} AS known
          FROM insurance_policies WHERE ${part} AND bound_at < ${at} OFFSET 0
        ) p
        WHERE NOT (closed AND status = 'voided')
        GROUP BY month, tier, bucket
      ) g ORDER BY month, tier, bucket`),
  )
}

function cellOf(row: PolicyRow): PolicyCell {
  return {
    ...keyOf(row),
    policies: row.policies,
    coverage: BigInt(row.coverage),
    earnedPremium: BigInt(row.earned_premium),
    earnedSubsidy: BigInt(row.earned_subsidy),
    exposure: row.exposure,
    known: row.known,
    full: row.whole,
  }
}

function add(one: PolicyCell, other: PolicyCell): PolicyCell {
  return {
    ...one,
    policies: one.policies + other.policies,
    coverage: maximum(one.coverage, other.coverage),
    earnedPremium: one.earnedPremium + other.earnedPremium,
    earnedSubsidy: one.earnedSubsidy + other.earnedSubsidy,
    exposure: one.exposure + other.exposure,
    known: one.known + other.known,
    full: one.full + other.full,
  }
}

interface PolicyActivityRow extends Record<string, unknown> {
  readonly sold: number
  readonly expired: number
  readonly exhausted: number
  readonly cancelled: number
  readonly voided: number
  readonly on_risk: number
  readonly coverage: string
}

/** What happened to policies from `since` until `at`, and what is on risk then. */
export async function readPolicyActivity(
  ctx: Context,
  since: SQL,
  at: SQL,
): Promise<MonthActivity['policies']> {
  const total = { sold: 0, expired: 0, exhausted: 0, cancelled: 0, voided: 0, onRisk: 0, coverageOnRisk: 0n }
  const ended = (status: string) =>
    sql`count(*) FILTER (WHERE status = ${status} AND closed_at >= ${since} AND closed_at < ${at})::int`
  const onRisk = sql`bound_at < ${at} AND coalesce(closed_at >= ${at}, true)`
  for await (const part of parts(ctx)) {
    const [row] = await ctx.database.asSystem((tx) =>
      tx.execute<PolicyActivityRow>(sql`
        SELECT count(*) FILTER (WHERE bound_at >= ${since} AND bound_at < ${at})::int AS sold,
          ${ended('expired')} AS expired, ${ended('exhausted')} AS exhausted,
          ${ended('cancelled')} AS cancelled, ${ended('voided')} AS voided,
          count(*) FILTER (WHERE ${onRisk})::int AS on_risk,
          coalesce(sum(coverage_micros) FILTER (WHERE ${onRisk}), 0)::text AS coverage
        FROM insurance_policies WHERE ${part}`),
    )
    for (const name of ['sold', 'expired', 'exhausted', 'cancelled', 'voided'] as const) {
      total[name] += row![name]
    }
    total.onRisk += row!.on_risk
    total.coverageOnRisk += BigInt(row!.coverage)
  }
  return total
}

/** Conditions that take all policies there are, so many at a time, in the order of binding. */
async function* parts(ctx: Context): AsyncGenerator<SQL> {
  const [row] = await ctx.database.asSystem((tx) =>
    tx.execute<{ last: string }>(
      sql`SELECT coalesce(max(position), 0)::text AS last FROM insurance_policies`,
    ),
  )
  const last = Number(row!.last)
  for (let from = 0; from < last; from += POLICIES_PER_QUERY) {
    yield sql`position > ${from} AND position <= ${from + POLICIES_PER_QUERY}`
  }
}
