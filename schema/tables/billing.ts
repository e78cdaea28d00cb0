import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { PAYMENT_RAILS } from '../wire/money.ts'
import { insuranceClaims } from './claims.ts'
import { micros } from './ledger.ts'
import { instant, organisations } from './organisations.ts'

const organisationId = () =>
  text('organisation_id')
    .notNull()
    .references(() => organisations.id)

/** An organisation as the payment rail knows it. */
export const billingAccounts = pgTable(
  'billing_accounts',
  {
    organisationId: organisationId(),
    rail: text('rail', { enum: PAYMENT_RAILS }).notNull(),
    /** The rail's id of the customer. */
    customer: text('customer').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.rail] }),
    uniqueIndex('billing_accounts_by_customer').on(table.rail, table.customer),
  ],
)

/**
 * What the rail is to be told of an organisation, written with what it is for: what it owes (`premium`, `certificates`: a
 * meter event, negative where a premium goes back), and what its balance gains or loses besides payouts (`credit`, `debit`).
 */
export const billingEvents = pgTable(
  'billing_events',
  {
    /** What it is for: a policy's id, `certificates/…`, or what `core/billing/adjust.ts` calls it. The rail counts it once. */
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    kind: text('kind', { enum: ['premium', 'certificates', 'credit', 'debit'] }).notNull(),
    /** Whole cents. */
    amount: micros('amount_micros').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    state: text('state', { enum: ['pending', 'sent', 'failed'] }).notNull(),
    /** Which rail it went to, or may have gone to. */
    rail: text('rail', { enum: PAYMENT_RAILS }),
    attempts: integer('attempts').notNull().default(0),
    /** Since then the rail may have it, whatever it answered. */
    firstAttemptAt: instant('first_attempt_at'),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    sentAt: instant('sent_at'),
    lastError: text('last_error'),
    /** The invoice that it is on. */
    invoiceId: text('invoice_id'),
  },
  (table) => [
    index('billing_events_due').on(table.nextAttemptAt).where(sql`state = 'pending'`),
    index('billing_events_failed').on(table.id).where(sql`state = 'failed'`),
    index('billing_events_by_organisation').on(table.organisationId, table.occurredAt),
    index('billing_events_to_invoice')
      .on(table.occurredAt)
      .where(sql`state = 'sent' AND invoice_id IS NULL AND kind IN ('premium', 'certificates')`),
    index('billing_events_by_invoice').on(table.invoiceId).where(sql`invoice_id IS NOT NULL`),
  ],
)

/** Money on its way to a customer. The unique constraint is what keeps it from going twice. */
export const payouts = pgTable(
  'payouts',
  {
    /** The rail's idempotency key. */
    id: text('id').primaryKey(),
    claimId: text('claim_id')
      .notNull()
      .references(() => insuranceClaims.id),
    organisationId: organisationId(),
    /** 1 for the claim's payout, 2 for what a dispute added. */
    sequence: integer('sequence').notNull(),
    /** Whole cents. */
    amount: micros('amount_micros').notNull(),
    state: text('state', { enum: ['pending', 'paid'] }).notNull(),
    rail: text('rail', { enum: PAYMENT_RAILS }),
    /** The rail's id of the credit. */
    reference: text('reference'),
    attempts: integer('attempts').notNull().default(0),
    /** Since then the rail may have it, whatever it answered. */
    firstAttemptAt: instant('first_attempt_at'),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull(),
    paidAt: instant('paid_at'),
  },
  (table) => [
    uniqueIndex('one_payout_per_claim_and_sequence').on(table.claimId, table.sequence),
    index('payouts_due').on(table.nextAttemptAt).where(sql`state = 'pending'`),
    check('payout_amount', sql`amount_micros > 0`),
  ],
)

/** A month's bill. */
export const invoices = pgTable(
  'invoices',
  {
    id: text('id').primaryKey(),
    /** Order of issue, for listing. */
    position: bigint('position', { mode: 'bigint' }).generatedAlwaysAsIdentity().unique(),
    organisationId: organisationId(),
    rail: text('rail', { enum: PAYMENT_RAILS }).notNull(),
    /** The rail's id of it. */
    reference: text('reference').notNull(),
    /** `YYYY-MM`; null where the rail's invoice spans something else. */
    period: text('period'),
    total: micros('total_micros').notNull(),
    credit: micros('credit_micros').notNull(),
    state: text('state', { enum: ['open', 'paid', 'void'] }).notNull(),
    createdAt: instant('created_at').notNull(),
    paidAt: instant('paid_at'),
  },
  (table) => [
    uniqueIndex('invoices_by_reference').on(table.rail, table.reference),
    index('invoices_by_organisation').on(table.organisationId, table.position),
    check('invoice_amounts', sql`credit_micros BETWEEN 0 AND total_micros`),
  ],
)

/** What the embedded rail remembers: credits, usage and customers, each once per idempotency key. */
export const railTransactions = pgTable(
  'rail_transactions',
  {
    key: text('key').primaryKey(),
    kind: text('kind', { enum: ['customer', 'usage', 'credit', 'debit'] }).notNull(),
    customer: text('customer').notNull(),
    amountCents: bigint('amount_cents', { mode: 'bigint' }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('rail_transactions_by_customer').on(table.customer)],
)
