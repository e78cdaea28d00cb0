import { sql } from 'drizzle-orm'
import type { PaymentRailName } from '../../../schema/wire/money.ts'
import type { Outside } from '../../back-office/outside.ts'
import { RailRefused } from '../../billing/rail.ts'
import type { Context } from '../../context.ts'
import { MICROS_PER_CENT, toCents } from '../../money.ts'
import { type Check, type Finding, findBy, MAX_FINDINGS } from '../finding.ts'

const PAGE = 50_000
/** A change that the rail has is recorded by the next attempt; this long after it, nobody was there to. */
const UNRECORDED_MS = 24 * 60 * 60_000
/** Of a rail outside of the network, payouts of so long are asked for, and so many at most. */
const ASKED_MS = 2 * 24 * 60 * 60_000
const MAX_ASKED = 200

/** What the embedded rail added to balances or took from them, that no payout, billing event or invoice explains. */
export const railChanges: Check = {
  name: 'rail_changes',
  async run(ctx) {
    const findings: Finding[] = []
    let after: string | null = ''
    while (after !== null && findings.length < MAX_FINDINGS) {
      const page: { findings: Finding[]; last: string | null } = await readPage(ctx, after)
      findings.push(...page.findings)
      after = page.last
    }
    return findings
  },
}

/** @returns what was found, and the last key of the page; null where it was the last of all */
function readPage(ctx: Context, after: string): Promise<{ findings: Finding[]; last: string | null }> {
  const recorded = new Date(ctx.now.getTime() - UNRECORDED_MS).toISOString()
  return ctx.database.asSystem(async (tx) => {
    const [last] = await tx.execute<{ key: string }>(
      sql`SELECT key FROM rail_transactions WHERE key > ${after} ORDER BY key OFFSET ${PAGE - 1} LIMIT 1`,
    )
    const findings = await findBy(
      tx,
      'rail_change_unexplained',
      sql`
        SELECT key AS subject, kind, customer, (amount_cents * ${MICROS_PER_CENT}::bigint)::text AS amount
        FROM rail_transactions r
        WHERE key > ${after} ${last === undefined ? sql`` : sql`AND key <= ${last.key}`} AND kind IN ('credit', 'debit')
          AND NOT EXISTS (
            SELECT FROM payouts p JOIN billing_accounts a USING (organisation_id)
            WHERE p.id = r.key AND r.kind = 'credit' AND p.amount_micros = r.amount_cents * ${MICROS_PER_CENT}::bigint
              AND a.rail = 'ledger' AND a.customer = r.customer
              AND (p.state = 'paid' OR r.at >= ${recorded}::timestamptz))
          AND NOT EXISTS (
            SELECT FROM billing_events e JOIN billing_accounts a USING (organisation_id)
            WHERE e.id = r.key AND e.kind = r.kind AND e.amount_micros = r.amount_cents * ${MICROS_PER_CENT}::bigint
              AND a.rail = 'ledger' AND a.customer = r.customer
              AND (e.state = 'sent' OR r.at >= ${recorded}::timestamptz))
          AND NOT EXISTS (
            SELECT FROM invoices i JOIN billing_accounts a USING (organisation_id, rail)
            WHERE i.id = r.key AND r.kind = 'debit' AND i.credit_micros = r.amount_cents * ${MICROS_PER_CENT}::bigint
              AND i.rail = 'ledger' AND a.customer = r.customer)
        ORDER BY key LIMIT ${MAX_FINDINGS}`,
    )
    return { findings, last: last?.key ?? null }
  })
}

/** What is marked as done on the embedded rail, and is not there. */
export const missingChanges: Check = {
  name: 'missing_changes',
  run: (ctx) =>
    ctx.database.asSystem(async (tx) => [
      ...(await findBy(
        tx,
        'payout_without_credit',
        sql`
          SELECT id AS subject, claim_id AS claim, amount_micros::text AS amount FROM payouts
          WHERE state = 'paid' AND rail = 'ledger' AND NOT EXISTS (
            SELECT FROM rail_transactions r WHERE r.key = payouts.id AND r.kind = 'credit')
          ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
      )),
      ...(await findBy(
        tx,
        'rail_change_missing',
        sql`
          SELECT id AS subject, kind, amount_micros::text AS amount FROM billing_events e
          WHERE state = 'sent' AND rail = 'ledger' AND kind IN ('credit', 'debit') AND NOT EXISTS (
            SELECT FROM rail_transactions r WHERE r.key = e.id AND r.kind = e.kind)
          ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
      )),
    ]),
}

/** A payment provider is asked for what it is said to have paid lately. */
export const askedCredits: Check = {
  name: 'asked_credits',
  async run(ctx, { rail }) {
    if (rail.name === 'ledger') return []
    const findings: Finding[] = []
    for (const payout of await recentPayouts(ctx, rail.name)) {
      const reference = await findCredit(ctx, rail, payout)
      if (reference === payout.reference) continue
      const figures = {
        claim: payout.claim,
        amount: payout.amount,
        recorded: payout.reference,
        found: reference,
      }
      findings.push({ code: 'payout_without_credit', subject: payout.id, figures })
    }
    return findings
  },
}

interface PaidPayout extends Record<string, unknown> {
  readonly id: string
  readonly claim: string
  readonly organisation: string
  readonly customer: string
  readonly reference: string
  readonly amount: string
  readonly created: string
}

function recentPayouts(ctx: Context, rail: PaymentRailName): Promise<PaidPayout[]> {
  const since = new Date(ctx.now.getTime() - ASKED_MS).toISOString()
  return ctx.database.asSystem((tx) =>
    tx.execute<PaidPayout>(sql`
      SELECT p.id, p.claim_id AS claim, p.organisation_id AS organisation, a.customer, coalesce(p.reference, '') AS reference,
        p.amount_micros::text AS amount, p.created_at::text AS created
      FROM payouts p JOIN billing_accounts a ON a.organisation_id = p.organisation_id AND a.rail = p.rail
      WHERE p.state = 'paid' AND p.rail = ${rail} AND p.paid_at >= ${since}::timestamptz
      ORDER BY p.paid_at DESC LIMIT ${MAX_ASKED}`),
  )
}

/** @returns its reference; empty where there is none, or one that says otherwise */
async function findCredit(ctx: Context, rail: Outside['rail'], payout: PaidPayout): Promise<string> {
  try {
    const found = await rail.findCredit(ctx, {
      organisationId: payout.organisation,
      customer: payout.customer,
      key: payout.id,
      cents: toCents(BigInt(payout.amount)),
      description: `Payout of claim ${payout.claim}`,
      since: new Date(payout.created),
    })
    return found ?? ''
  } catch (error) {
    if (error instanceof RailRefused) return ''
    throw error
  }
}
