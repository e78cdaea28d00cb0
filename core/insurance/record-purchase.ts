import { type AnyColumn, getTableColumns, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import {
  billingEvents,
  insurancePolicies,
  webhookDeliveries,
  webhookEvents,
} from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import type { Answer, Claim, ClaimRecord } from '../idempotency/claim.ts'
import { bindJournals } from '../ledger/journals.ts'
import { describeJournals } from '../ledger/post.ts'
import { prepareAnnouncement } from '../notifications/announce.ts'
import { compile } from '../statement.ts'
import { canonicalBytes } from '../verify/canonical.ts'
import { sha256, toHex } from '../verify/encoding.ts'
import { type LogEntry, makeLogEntry } from '../verify/log-entry.ts'
import { DEFAULTS } from './defaults.ts'
import { describePolicy, policyFacts } from './describe.ts'
import type { Policy } from './rows.ts'

/** `bound`, or what was in the way; then nothing was written. */
export type PurchaseOutcome =
  | 'bound'
  | 'not_first'
  | 'certificate_revoked'
  | 'binding_halted'
  | 'binding_restricted'
  | 'customer_cap_reached'
  | 'daily_cap_reached'
  | 'subsidy_spent'

export interface Purchase {
  readonly policy: Policy
  /** Webhook endpoints that are told of it. */
  readonly listeners: readonly string[]
  readonly answer: Answer
}

/**
 * Writes a purchase: policy, premium to be billed, journals, log entry, webhooks, answer for replays and what it takes of the
 * caps. One call of the database function `bind_policy`, since everybody who buys waits for the same rows: a transaction from
 * here would hold them until this process has come to send its `COMMIT`.
 */
export async function recordPurchase(
  ctx: Context,
  purchase: Purchase,
  claim: Claim,
): Promise<PurchaseOutcome> {
  const record = claim.record(purchase.answer)
  const entry = await bindingEntry(purchase.policy)
  const rows = { ...describePurchase(ctx, purchase), claim: record && describeClaim(record) }
  const [row] = await ctx.database.direct<{ outcome: PurchaseOutcome }>(
    BIND({
      purchase: JSON.stringify(rows),
      entry: entry.bytes,
      leafHash: entry.leafHash,
      requestHash: record?.row.requestSha256,
      response: record?.row.responseBody,
      customerCap: DEFAULTS.customerCap,
      dayCap: DEFAULTS.dayCap,
    }),
  )
  return row!.outcome
}

const BIND =
  compile(sql`SELECT bind_policy(${sql.placeholder('purchase')}::jsonb, ${sql.placeholder('entry')},
  ${sql.placeholder('leafHash')}, ${sql.placeholder('requestHash')}, ${sql.placeholder('response')},
  ${sql.placeholder('customerCap')}, ${sql.placeholder('dayCap')}) AS outcome`)

async function bindingEntry(policy: Policy): Promise<LogEntry> {
  const digest = toHex(await sha256(canonicalBytes(policyFacts(policy))))
  return makeLogEntry('policy.bound', policy.id, policy.boundAt.toISOString(), digest)
}

function describePurchase(ctx: Context, { policy, listeners }: Purchase) {
  const { id, organisationId, premium } = policy
  const billing: typeof billingEvents.$inferInsert = {
    id,
    organisationId,
    kind: 'premium',
    amount: premium,
    occurredAt: ctx.now,
    state: 'pending',
    nextAttemptAt: ctx.now,
  }
  const told = prepareAnnouncement(ctx, listeners, {
    organisationId,
    type: 'policy.bound',
    data: describePolicy(policy),
  })
  return {
    policy: describeRow(insurancePolicies, policy),
    billing_event: describeRow(billingEvents, billing),
    journals: describeJournals(bindJournals(policy), ctx.now),
    event: told && describeRow(webhookEvents, told.event),
    deliveries: told?.deliveries.map((delivery) => describeRow(webhookDeliveries, delivery)),
  }
}

/** A row as JSON, by the names of its columns; large integers as text. */
function describeRow(table: PgTable, row: object): Record<string, unknown> {
  const columns = getTableColumns(table) as Record<string, AnyColumn>
  const entries = Object.entries(row).map(([member, value]) => [
    columns[member]!.name,
    typeof value === 'bigint' ? String(value) : value,
  ])
  return Object.fromEntries(entries)
}

function describeClaim({ row, lock }: ClaimRecord) {
  return { lock, route: row.route, key: row.key, status: row.responseStatus }
}
