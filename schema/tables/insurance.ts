import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { BREAKER_CAUSES, BREAKER_STATES, POLICY_STATUSES } from '../wire/money.ts'
import { certificates } from './certificates.ts'
import { micros } from './ledger.ts'
import { instant, organisations } from './organisations.ts'

const organisationId = () =>
  text('organisation_id')
    .notNull()
    .references(() => organisations.id)

/** The id of the one row of {@link insuranceState}. */
export const INSURANCE_STATE_ID = 'network'

/** A policy: cover of one certified change, once it runs as one service. Amounts are micro-USD. */
export const insurancePolicies = pgTable(
  'insurance_policies',
  {
    id: text('id').primaryKey(),
    /** Order of binding, for listing. */
    position: bigint('position', { mode: 'bigint' }).generatedAlwaysAsIdentity().unique(),
    organisationId: organisationId(),
    userId: text('user_id').notNull(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificates.id),
    /** The certificate's own, lower case. */
    commitSha: text('commit_sha').notNull(),
    /** The repository that the certificate's CI identity speaks for, `owner/name` in lower case; null without one. */
    repository: text('repository'),
    /** Whether CI evidence (E2) binds the certificate to the commit; without it no claim is approved by itself. */
    commitBound: boolean('commit_bound').notNull(),
    service: text('service').notNull(),
    tier: text('tier').notNull(),
    /** Hundredths, as certified. */
    riskScore: integer('risk_score_hundredths').notNull(),
    riskLevel: text('risk_level').notNull(),
    listPremium: micros('list_premium_micros').notNull(),
    technicalPremium: micros('technical_premium_micros').notNull(),
    /** What the customer is charged: whole cents. */
    premium: micros('premium_micros').notNull(),
    /** What the subsidy budget adds. */
    subsidy: micros('subsidy_micros').notNull(),
    coverage: micros('coverage_micros').notNull(),
    /** Approved so far. */
    used: micros('used_micros').notNull().default(sql`0`),
    /** Estimates of the claims that are open. */
    reserved: micros('reserved_micros').notNull().default(sql`0`),
    /** What a minute of downtime pays: as declared, up to the cap of the tier. */
    slaCostPerMinute: micros('sla_cost_per_minute_micros').notNull(),
    /** How the premium was found; see `core/insurance/price.ts`. */
    pricing: jsonb('pricing').notNull(),
    status: text('status', { enum: POLICY_STATUSES }).notNull(),
    claimed: boolean('claimed').notNull().default(false),
    boundAt: instant('bound_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    activatedAt: instant('activated_at'),
    /** The deployment that activated it. */
    deploymentId: text('deployment_id'),
    /** When it reached a final status, and why. */
    closedAt: instant('closed_at'),
    closeReason: text('close_reason'),
    /** Of the list premium, when it was cancelled or voided. */
    refunded: micros('refunded_micros').notNull().default(sql`0`),
    earnedPremium: micros('earned_premium_micros').notNull().default(sql`0`),
    earnedSubsidy: micros('earned_subsidy_micros').notNull().default(sql`0`),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    index('insurance_policies_by_organisation').on(table.organisationId, table.position),
    index('insurance_policies_by_commit').on(table.organisationId, table.commitSha),
    index('insurance_policies_by_certificate').on(table.certificateId),
    index('insurance_policies_on_risk').on(table.endsAt).where(sql`status IN ('bound', 'active')`),
    index('insurance_policies_expired').on(table.closedAt).where(sql`status = 'expired'`),
    check(
      'within_coverage',
      sql`used_micros >= 0 AND reserved_micros >= 0 AND used_micros + reserved_micros <= coverage_micros`,
    ),
    check(
      'earned_of_written',
      sql`earned_premium_micros BETWEEN 0 AND premium_micros AND earned_subsidy_micros BETWEEN 0 AND subsidy_micros AND refunded_micros BETWEEN 0 AND premium_micros`,
    ),
    check(
      'stored_policy_status',
      sql`status IN ('bound', 'active', 'expired', 'exhausted', 'cancelled', 'voided')`,
    ),
    check('closed_when_final', sql`(closed_at IS NOT NULL) = (status NOT IN ('bound', 'active'))`),
  ],
)

/** Coverage on risk, by customer. Changed by conditional updates in the transaction of the policy. */
export const exposureCustomers = pgTable(
  'exposure_customers',
  {
    organisationId: organisationId().primaryKey(),
    onRisk: micros('on_risk_micros').notNull(),
  },
  () => [check('exposure_not_negative', sql`on_risk_micros >= 0`)],
)

/** Coverage bound, by UTC day; never given back. */
export const exposureDays = pgTable('exposure_days', {
  day: date('day', { mode: 'string' }).primaryKey(),
  bound: micros('bound_micros').notNull(),
})

/** The circuit breaker and the pilot's subsidy: one row. */
export const insuranceState = pgTable(
  'insurance_state',
  {
    id: text('id').primaryKey(),
    breaker: text('breaker', { enum: BREAKER_STATES }).notNull(),
    cause: text('cause', { enum: BREAKER_CAUSES }),
    breakerChangedAt: instant('breaker_changed_at').notNull(),
    /** The loss ratio (ten-thousandths) that an operator reopened at; the breaker trips again only above it. */
    reopenedAtLossRatio: integer('reopened_at_loss_ratio_bp'),
    subsidyBudget: micros('subsidy_budget_micros').notNull(),
    subsidyUsed: micros('subsidy_used_micros').notNull(),
  },
  () => [
    check('one_insurance_state', sql`id = 'network'`),
    check('subsidy_within_budget', sql`subsidy_used_micros BETWEEN 0 AND subsidy_budget_micros`),
  ],
)

/** Every change of the breaker, with who did it and why. */
export const breakerEvents = pgTable('breaker_events', {
  id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  at: instant('at').notNull(),
  fromState: text('from_state', { enum: BREAKER_STATES }).notNull(),
  toState: text('to_state', { enum: BREAKER_STATES }).notNull(),
  cause: text('cause', { enum: BREAKER_CAUSES }).notNull(),
  /** Null when the network did it by itself. */
  userId: text('user_id'),
  reason: text('reason'),
  /** The figures that it was decided on. */
  figures: jsonb('figures').notNull(),
})

/** A tier of one organisation's own, or its own terms of a tier that everyone has. */
export const insuranceTiers = pgTable(
  'insurance_tiers',
  {
    organisationId: organisationId(),
    name: text('name').notNull(),
    listPremium: micros('list_premium_micros').notNull(),
    coverage: micros('coverage_micros').notNull(),
    days: integer('days').notNull(),
    /** Hundredths; the score must be below it. Null: any. */
    riskScoreBelow: integer('risk_score_below_hundredths'),
    slaCostPerMinuteCap: micros('sla_cost_per_minute_cap_micros').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisationId, table.name] })],
)

/** What prices are made of; each monthly review adds one. */
export const pricingTables = pgTable('pricing_tables', {
  version: integer('version').primaryKey(),
  fittedAt: instant('fitted_at').notNull(),
  parameters: jsonb('parameters').notNull(),
})

/** A monthly actuarial review, as it was found. */
export const actuarialReviews = pgTable('actuarial_reviews', {
  /** `YYYY-MM`. */
  month: text('month').primaryKey(),
  valuedAt: instant('valued_at').notNull(),
  document: jsonb('document').notNull(),
})
