import type { Sql } from 'postgres'

const CUSTOMERS = 1_000
/** Of a policy: bound, subsidised, earned once. */
const POSTINGS_PER_POLICY = 6
/** As `post_journals` spreads accounts without parts. */
const SHARDS = 32

/**
 * Adds to the books: three journals of each policy, an hour old; and the running balances that follow from all postings.
 * Triggers and constraints are in force.
 *
 * @param postings how many more; the last policy may be without some of its journals
 */
export async function storePostings(sql: Sql, postings: number): Promise<void> {
  if (postings % 2 !== 0) throw new RangeError('journals here have two postings each')
  const policies = Math.ceil(postings / POSTINGS_PER_POLICY)
  await sql.begin(async (tx) => {
    await tx`
      CREATE TEMPORARY TABLE made ON COMMIT DROP AS
      SELECT n, kind, 'INS-2026-' || lpad(n::text, 16, '0') AS policy, 'org_' || n % ${CUSTOMERS}::int AS customer
      FROM generate_series(1, ${policies}::int) n, unnest(ARRAY['bind', 'subsidy', 'earn']) kind
      LIMIT ${postings / 2}::int`
    await tx`
      INSERT INTO ledger_journals (key, kind, organisation_id, subject, digest, posted_at)
      SELECT kind || '/' || policy, kind, customer, policy, md5(kind || policy), now() - interval '1 hour' FROM made`
    await tx`
      INSERT INTO ledger_postings (journal_id, line, account, party, amount_micros)
      SELECT id, line, account, party, amount FROM ledger_journals, LATERAL (VALUES
        (1, CASE kind WHEN 'bind' THEN 'premium_receivable' WHEN 'subsidy' THEN 'subsidy_budget' ELSE 'unearned_premium' END,
          CASE kind WHEN 'bind' THEN organisation_id WHEN 'subsidy' THEN '' ELSE subject END,
          CASE kind WHEN 'bind' THEN 100000 WHEN 'subsidy' THEN 59900000 ELSE 2000000 END),
        (2, CASE kind WHEN 'earn' THEN 'earned_premium' ELSE 'unearned_premium' END, CASE kind WHEN 'earn' THEN '' ELSE subject END,
          CASE kind WHEN 'bind' THEN -100000 WHEN 'subsidy' THEN -59900000 ELSE -2000000 END)
      ) AS lines (line, account, party, amount)
      WHERE kind IN ('bind', 'subsidy', 'earn')`
    await tx`DELETE FROM ledger_balances`
    await tx`
      INSERT INTO ledger_balances (account, party, shard, amount_micros)
      SELECT account, party, CASE WHEN party = '' THEN journal_id % ${SHARDS} ELSE 0 END, sum(amount_micros)
      FROM ledger_postings GROUP BY 1, 2, 3`
  })
  for (const table of ['ledger_journals', 'ledger_postings', 'ledger_balances'])
    await sql`VACUUM (ANALYZE) ${sql(table)}`
}
