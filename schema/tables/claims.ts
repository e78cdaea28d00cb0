import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { CLAIM_STATUSES } from '../wire/money.ts'
import { incidents } from './incidents.ts'
import { insurancePolicies } from './insurance.ts'
import { micros } from './ledger.ts'
import { instant, organisations } from './organisations.ts'

const organisationId = () =>
  text('organisation_id')
    .notNull()
    .references(() => organisations.id)

/** A claim on one policy for one incident. Amounts are micro-USD and whole cents. */
export const insuranceClaims = pgTable(
  'insurance_claims',
  {
    id: text('id').primaryKey(),
    position: bigint('position', { mode: 'bigint' }).generatedAlwaysAsIdentity().unique(),
    organisationId: organisationId(),
    policyId: text('policy_id')
      .notNull()
      .references(() => insurancePolicies.id),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incidents.id),
    status: text('status', { enum: CLAIM_STATUSES }).notNull(),
    /** How a dispute ended; kept when the claim is closed. */
    resolution: text('resolution', { enum: ['upheld', 'adjusted', 'reversed'] }),
    /** Downtime, milliseconds. */
    downtimeMs: bigint('downtime_ms', { mode: 'number' }).notNull(),
    /** Downtime times the cost of a minute. */
    cost: micros('cost_micros').notNull(),
    /** The cost within what coverage remained when it was filed. */
    requested: micros('requested_micros').notNull(),
    /** The estimate that is still reserved; 0 once it is decided. */
    reserved: micros('reserved_micros').notNull(),
    /** What stands approved, after a dispute too. */
    approved: micros('approved_micros').notNull().default(sql`0`),
    /** What was paid, less what was taken back. */
    paid: micros('paid_micros').notNull().default(sql`0`),
    /** The reinsurer's share of what stands approved. */
    ceded: micros('ceded_micros').notNull().default(sql`0`),
    /** Ten-thousandths. */
    confidence: integer('confidence_bp').notNull(),
    /** Signals, deployments and facts that it was judged by. */
    attribution: jsonb('attribution').notNull(),
    reviewReasons: text('review_reasons').array().notNull().default(sql`'{}'`),
    automatic: boolean('automatic').notNull().default(false),
    /** Null when the network filed it. */
    filedBy: text('filed_by'),
    statement: text('statement'),
    filedAt: instant('filed_at').notNull(),
    decidedAt: instant('decided_at'),
    decisionReason: text('decision_reason'),
    /** What the first of two people decided: `{ user_id, action, amount_micros, reason, at }`. */
    proposal: jsonb('proposal'),
    disputeReason: text('dispute_reason'),
    /** Once at most. */
    reversedAt: instant('reversed_at'),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('one_claim_per_policy_and_incident').on(table.policyId, table.incidentId),
    index('insurance_claims_by_organisation').on(table.organisationId, table.position),
    index('insurance_claims_by_incident').on(table.incidentId),
    index('insurance_claims_in_review').on(table.position).where(sql`status IN ('in_review', 'disputed')`),
    index('insurance_claims_settled')
      .on(table.updatedAt)
      .where(sql`paid_micros > 0 OR reversed_at IS NOT NULL`),
    check(
      'claim_amounts',
      sql`requested_micros > 0 AND reserved_micros >= 0 AND approved_micros >= 0 AND paid_micros >= 0`,
    ),
  ],
)

/** What happened to a claim, in order; append-only. */
export const claimEvents = pgTable(
  'claim_events',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    claimId: text('claim_id')
      .notNull()
      .references(() => insuranceClaims.id),
    organisationId: organisationId(),
    at: instant('at').notNull(),
    /** A user's id, or `network`. */
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    fromStatus: text('from_status', { enum: CLAIM_STATUSES }),
    toStatus: text('to_status', { enum: CLAIM_STATUSES }).notNull(),
    amount: micros('amount_micros'),
    reason: text('reason'),
  },
  (table) => [index('claim_events_by_claim').on(table.claimId, table.id)],
)

/** What a claimant adds to a claim. */
export const claimEvidence = pgTable(
  'claim_evidence',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    claimId: text('claim_id')
      .notNull()
      .references(() => insuranceClaims.id),
    organisationId: organisationId(),
    userId: text('user_id').notNull(),
    at: instant('at').notNull(),
    text: text('text').notNull(),
    url: text('url'),
  },
  (table) => [index('claim_evidence_by_claim').on(table.claimId, table.id)],
)
