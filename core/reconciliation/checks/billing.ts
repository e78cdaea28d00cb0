import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../context.ts'
import { type Check, type FindingCode, findBy, MAX_FINDINGS } from '../finding.ts'

/** What has waited for longer than this is somebody's to look at. */
const OVERDUE_MS = 24 * 60 * 60_000

function aDayAgo(ctx: Context): SQL {
  return sql`${new Date(ctx.now.getTime() - OVERDUE_MS).toISOString()}::timestamptz`
}

function one(name: string, code: FindingCode, query: (ctx: Context) => SQL): Check {
  return { name, run: (ctx) => ctx.database.asSystem((tx) => findBy(tx, code, query(ctx))) }
}

export const overduePayouts = one(
  'overdue_payouts',
  'payout_overdue',
  (ctx) => sql`
    SELECT id AS subject, claim_id AS claim, amount_micros::text AS amount, attempts::text, last_error AS error
    FROM payouts WHERE state = 'pending' AND created_at < ${aDayAgo(ctx)} ORDER BY created_at LIMIT ${MAX_FINDINGS}`,
)

export const unpostedPayouts = one(
  'unposted_payouts',
  'payout_without_journal',
  () => sql`
    SELECT id AS subject, claim_id AS claim, amount_micros::text AS amount FROM payouts p
    WHERE state = 'paid' AND NOT EXISTS (SELECT FROM ledger_journals WHERE key = 'payout/' || p.id)
    ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
)

export const failedBilling = one(
  'failed_billing',
  'billing_event_failed',
  () => sql`
    SELECT id AS subject, kind, amount_micros::text AS amount, attempts::text, last_error AS error
    FROM billing_events WHERE state = 'failed' ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
)

export const overdueBilling = one(
  'overdue_billing',
  'billing_event_overdue',
  (ctx) => sql`
    SELECT id AS subject, kind, amount_micros::text AS amount, attempts::text, last_error AS error
    FROM billing_events WHERE state = 'pending' AND coalesce(first_attempt_at, occurred_at) < ${aDayAgo(ctx)}
    ORDER BY occurred_at LIMIT ${MAX_FINDINGS}`,
)

/** Deliveries are kept for a month; what was given up is looked at while it may still be mended. */
export const givenUpWebhooks = one(
  'given_up_webhooks',
  'webhook_given_up',
  () => sql`
    SELECT id::text AS subject, integration_id AS integration, provider, attempts::text FROM inbound_deliveries
    WHERE state = 'failed' AND outcome = 'given_up' ORDER BY id LIMIT ${MAX_FINDINGS}`,
)
