import { sql } from 'drizzle-orm'
import { type Check, findBy, MAX_FINDINGS } from '../finding.ts'

/** A day's counter is compared for so long; nothing changes it later. */
const DAYS = 45

/** The counters behind the caps, against the policies that they count. */
export const customerExposure: Check = {
  name: 'customer_exposure',
  run: (ctx) =>
    ctx.database.asSystem((tx) =>
      findBy(
        tx,
        'customer_exposure_differs',
        sql`
          SELECT organisation_id AS subject, coalesce(c.on_risk_micros, 0)::text AS counter,
            coalesce(p.coverage, 0)::text AS policies
          FROM exposure_customers c
          FULL JOIN (
            SELECT organisation_id, sum(coverage_micros) AS coverage FROM insurance_policies
            WHERE status IN ('bound', 'active') GROUP BY organisation_id
          ) p USING (organisation_id)
          WHERE coalesce(c.on_risk_micros, 0) <> coalesce(p.coverage, 0)
          ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
      ),
    ),
}

/** What was bound on a day stays counted, whatever became of it. */
export const dayExposure: Check = {
  name: 'day_exposure',
  run(ctx) {
    const since = new Date(ctx.now.getTime() - DAYS * 86_400_000).toISOString().slice(0, 10)
    return ctx.database.asSystem((tx) =>
      findBy(
        tx,
        'day_exposure_differs',
        sql`
          SELECT day::text AS subject, coalesce(d.bound_micros, 0)::text AS counter,
            coalesce(p.coverage, 0)::text AS policies
          FROM (SELECT * FROM exposure_days WHERE day >= ${since}::date) d
          FULL JOIN (
            SELECT (bound_at AT TIME ZONE 'UTC')::date AS day, sum(coverage_micros) AS coverage FROM insurance_policies
            WHERE bound_at >= ${`${since}T00:00:00Z`}::timestamptz GROUP BY 1
          ) p USING (day)
          WHERE coalesce(d.bound_micros, 0) <> coalesce(p.coverage, 0)
          ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
      ),
    )
  },
}

/** What the pilot has given, less what came back unearned: the ledger's budget says the same. */
export const subsidyUsed: Check = {
  name: 'subsidy_used',
  run: (ctx) =>
    ctx.database.asSystem((tx) =>
      findBy(
        tx,
        'subsidy_used_differs',
        sql`
          SELECT 'network' AS subject, state.used::text AS counter, books.posted::text AS ledger
          FROM (SELECT coalesce(sum(subsidy_used_micros), 0) AS used FROM insurance_state) state,
            (SELECT coalesce(sum(amount_micros), 0) AS posted FROM ledger_balances WHERE account = 'subsidy_budget') books
          WHERE state.used <> books.posted`,
      ),
    ),
}
