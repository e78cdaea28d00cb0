import { sql } from 'drizzle-orm'
import { type Check, findBy, inRanges, MAX_FINDINGS } from '../finding.ts'

const POLICIES = {
  newest: sql`SELECT max(position)::text AS newest FROM insurance_policies`,
  page: 20_000n,
}

/** On risk: what of premium and subsidy is not earned. In a final state: nothing. */
export const unearned: Check = {
  name: 'unearned',
  run: (ctx) =>
    inRanges(ctx, POLICIES, (tx, { after, upTo }) =>
      findBy(
        tx,
        'unearned_differs',
        sql`
          SELECT id AS subject, status, policy::text, ledger::text FROM (
            SELECT p.id, p.status, -coalesce(b.amount_micros, 0) AS ledger,
              CASE WHEN p.status IN ('bound', 'active') THEN p.premium_micros + p.subsidy_micros
                - p.earned_premium_micros - p.earned_subsidy_micros ELSE 0 END AS policy
            FROM insurance_policies p
            LEFT JOIN ledger_balances b ON b.account = 'unearned_premium' AND b.party = p.id AND b.shard = 0
            WHERE p.position > ${after}::bigint AND p.position <= ${upTo}::bigint
          ) AS compared
          WHERE policy <> ledger ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
      ),
    ),
}

/** What claims have taken of the cover, and what is set aside for those that are open. */
export const coverage: Check = {
  name: 'coverage',
  run: (ctx) =>
    inRanges(ctx, POLICIES, async (tx, { after, upTo }) => {
      const compare = (
        code: 'policy_reserved_differs' | 'policy_used_differs',
        policy: string,
        claim: string,
      ) =>
        findBy(
          tx,
          code,
          sql`
            SELECT id AS subject, policy::text, claims::text FROM (
              SELECT p.id, p.${sql.identifier(policy)} AS policy, coalesce(sum(c.${sql.identifier(claim)}), 0) AS claims
              FROM insurance_policies p LEFT JOIN insurance_claims c ON c.policy_id = p.id
              WHERE p.position > ${after}::bigint AND p.position <= ${upTo}::bigint GROUP BY p.id
            ) AS compared
            WHERE policy <> claims ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
        )
      return [
        ...(await compare('policy_reserved_differs', 'reserved_micros', 'reserved_micros')),
        ...(await compare('policy_used_differs', 'used_micros', 'approved_micros')),
      ]
    }),
}
