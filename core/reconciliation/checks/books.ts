import { sql } from 'drizzle-orm'
import type { Context, Transaction } from '../../context.ts'
import { verifyBalances } from '../../ledger/verify.ts'
import { type Check, type Finding, findBy, inRanges, MAX_FINDINGS } from '../finding.ts'

const PAGE_JOURNALS = 50_000n
const PAGE_PARTS = 2_000

/** The running balance of every account, against its postings. */
export const accountBalances: Check = {
  name: 'account_balances',
  async run(ctx) {
    const { differences } = await verifyBalances(ctx)
    return differences.map(({ account, balance, postings }) => ({
      code: 'balance_differs',
      subject: account,
      figures: { balance: String(balance), postings: String(postings) },
    }))
  },
}

/** The running balance of every policy, claim, customer and subscription, and whether there is such a one. */
export const partBalances: Check = {
  name: 'part_balances',
  async run(ctx) {
    const findings: Finding[] = []
    let after: Part | null = { account: '', party: '' }
    while (after !== null && findings.length < MAX_FINDINGS) {
      const page = await readParts(ctx, after)
      findings.push(...page.findings)
      after = page.last
    }
    return findings
  },
}

type Part = Readonly<Record<'account' | 'party', string>>

/** @returns what was found, and the last part of the page; null where it was the last of all */
function readParts(ctx: Context, after: Part): Promise<{ findings: Finding[]; last: Part | null }> {
  return ctx.database.asSystem(async (tx) => {
    const [last] = await tx.execute<Part>(sql`
      SELECT account, party FROM ledger_balances
      WHERE party <> '' AND (account, party) > (${after.account}, ${after.party})
      ORDER BY account, party OFFSET ${PAGE_PARTS - 1} LIMIT 1`)
    const page = sql`
      SELECT account, party, sum(amount_micros) AS balance FROM ledger_balances
      WHERE party <> '' AND (account, party) > (${after.account}, ${after.party})
        ${last === undefined ? sql`` : sql`AND (account, party) <= (${last.account}, ${last.party})`}
      GROUP BY account, party`
    const different = await findBy(
      tx,
      'balance_differs',
      sql`
        SELECT account || '/' || party AS subject, balance::text, postings::text
        FROM (${page}) AS page, LATERAL (
          SELECT coalesce(sum(amount_micros), 0) AS postings FROM ledger_postings p
          WHERE p.account = page.account AND p.party = page.party
        ) AS summed
        WHERE balance <> postings ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
    )
    const unowned = await findBy(
      tx,
      'part_without_owner',
      sql`
        SELECT account || '/' || party AS subject, balance::text FROM (${page}) AS page
        WHERE balance <> 0 AND CASE
          WHEN account = 'unearned_premium' THEN NOT EXISTS (SELECT FROM insurance_policies WHERE id = party)
          WHEN account IN ('case_reserve', 'claims_payable', 'reinsurance_recoverable', 'reinsurance_payable')
            THEN NOT EXISTS (SELECT FROM insurance_claims WHERE id = party)
          WHEN account IN ('premium_receivable', 'customer_credit', 'claim_clawback')
            THEN NOT EXISTS (SELECT FROM organisations WHERE id = party)
          ELSE false END
        ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
    )
    return { findings: [...different, ...unowned], last: last ?? null }
  })
}

/** Every journal sums to zero, and has at least two lines. */
export const journalSums: Check = {
  name: 'journal_sums',
  run: (ctx) =>
    inRanges(
      ctx,
      { newest: sql`SELECT max(id)::text AS newest FROM ledger_journals`, page: PAGE_JOURNALS },
      (tx, { after, upTo }) => unbalanced(tx, after, upTo),
    ),
}

function unbalanced(tx: Transaction, after: bigint, upTo: bigint): Promise<Finding[]> {
  return findBy(
    tx,
    'journal_unbalanced',
    sql`
      SELECT key AS subject, coalesce(sum, 0)::text AS sum, coalesce(lines, 0)::text AS lines
      FROM ledger_journals LEFT JOIN (
        SELECT journal_id, sum(amount_micros), count(*) AS lines FROM ledger_postings
        WHERE journal_id > ${after}::bigint AND journal_id <= ${upTo}::bigint GROUP BY journal_id
      ) AS posted ON journal_id = id
      WHERE id > ${after}::bigint AND id <= ${upTo}::bigint
        AND (coalesce(sum, 0) <> 0 OR coalesce(lines, 0) < 2)
      ORDER BY id LIMIT ${MAX_FINDINGS}`,
  )
}
