import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { FACT_STATES, PROVIDERS } from '../wire/money.ts'
import { bytea, instant, organisations } from './organisations.ts'

const organisationId = () =>
  text('organisation_id')
    .notNull()
    .references(() => organisations.id)

/** What an organisation runs, and what its providers call it. */
export const services = pgTable(
  'services',
  {
    organisationId: organisationId(),
    name: text('name').notNull(),
    /** `owner/name` in lower case. */
    repositories: text('repositories').array().notNull().default(sql`'{}'`),
    /** Names of production environments, lower case. */
    environments: text('environments').array().notNull().default(sql`'{production}'`),
    sentryProjects: text('sentry_projects').array().notNull().default(sql`'{}'`),
    pagerdutyServices: text('pagerduty_services').array().notNull().default(sql`'{}'`),
    datadogTags: text('datadog_tags').array().notNull().default(sql`'{}'`),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisationId, table.name] })],
)

/** Where the webhooks of one provider arrive for one organisation. Its id is in the URL. */
export const integrations = pgTable(
  'integrations',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    provider: text('provider', { enum: PROVIDERS }).notNull(),
    name: text('name').notNull(),
    /** What its webhooks are signed with, sealed; additional data = the id. */
    sealedSecret: bytea('sealed_secret').notNull(),
    /** For the provider's API, sealed; null where the network cannot ask it. */
    sealedToken: bytea('sealed_token'),
    /** The organisation's name at the provider (Sentry's slug). */
    account: text('account'),
    createdAt: instant('created_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  (table) => [index('integrations_by_organisation').on(table.organisationId, table.id)],
)

/** Webhooks that were verified and wait to be looked at, or were. `integration_id` is `stripe` for the payment provider. */
export const inboundDeliveries = pgTable(
  'inbound_deliveries',
  {
    id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity().primaryKey(),
    integrationId: text('integration_id').notNull(),
    provider: text('provider').notNull(),
    /** What makes it the same delivery: the signed id, or the body's SHA-256. */
    key: text('key').notNull(),
    /** The kind of event where only a header says it. */
    event: text('event'),
    body: bytea('body').notNull(),
    receivedAt: instant('received_at').notNull(),
    state: text('state', { enum: ['pending', 'done', 'ignored', 'failed'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    processedAt: instant('processed_at'),
    /** A code: what came of it. */
    outcome: text('outcome'),
  },
  (table) => [
    uniqueIndex('inbound_deliveries_once').on(table.integrationId, table.key),
    index('inbound_deliveries_due').on(table.nextAttemptAt).where(sql`state = 'pending'`),
    index('inbound_deliveries_by_age').on(table.receivedAt),
  ],
)

/** A deployment to production that ended well. */
export const deployments = pgTable(
  'deployments',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    integrationId: text('integration_id').notNull(),
    provider: text('provider', { enum: PROVIDERS }).notNull(),
    providerId: text('provider_id').notNull(),
    service: text('service').notNull(),
    /** `owner/name` in lower case. */
    repository: text('repository'),
    environment: text('environment').notNull(),
    commitSha: text('commit_sha').notNull(),
    /** As told; by the provider's clock once its API confirmed it. Never before the webhook's arrival less its allowed age. */
    deployedAt: instant('deployed_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    factState: text('fact_state', { enum: FACT_STATES }).notNull(),
    /** What the provider's API said, in the members that count. */
    fact: jsonb('fact'),
    factAttempts: integer('fact_attempts').notNull().default(0),
    nextFactAt: instant('next_fact_at'),
  },
  (table) => [
    uniqueIndex('deployments_once').on(table.organisationId, table.provider, table.providerId),
    index('deployments_by_service').on(table.organisationId, table.service, table.deployedAt),
    index('deployments_to_confirm').on(table.nextFactAt).where(sql`fact_state = 'pending'`),
  ],
)

/** An incident, as a provider told of it. */
export const incidents = pgTable(
  'incidents',
  {
    id: text('id').primaryKey(),
    position: bigint('position', { mode: 'bigint' }).generatedAlwaysAsIdentity().unique(),
    organisationId: organisationId(),
    integrationId: text('integration_id').notNull(),
    provider: text('provider', { enum: PROVIDERS }).notNull(),
    providerId: text('provider_id').notNull(),
    service: text('service').notNull(),
    title: text('title').notNull(),
    url: text('url'),
    openedAt: instant('opened_at').notNull(),
    resolvedAt: instant('resolved_at'),
    /** Named in the payload as the release that was running. */
    releaseSha: text('release_sha'),
    /** Paths in the stack traces of the payload. */
    stackPaths: text('stack_paths').array().notNull().default(sql`'{}'`),
    /** The commit whose revert ended it. */
    revertedSha: text('reverted_sha'),
    /** All that was told of it, merged: see `core/incidents/merge.ts`. The columns above are made of this and of the fact. */
    told: jsonb('told').notNull().default(sql`'{}'`),
    receivedAt: instant('received_at').notNull(),
    resolutionReceivedAt: instant('resolution_received_at'),
    factState: text('fact_state', { enum: FACT_STATES }).notNull(),
    fact: jsonb('fact'),
    factAttempts: integer('fact_attempts').notNull().default(0),
    nextFactAt: instant('next_fact_at'),
    /** Found after the resolution: see `core/claims/attribute.ts`. */
    attribution: jsonb('attribution'),
    attributedSha: text('attributed_sha'),
    /** What became of it: still open, to be looked at, or settled for one of these reasons. */
    settlement: text('settlement', {
      enum: ['open', 'due', 'claimed', 'unattributed', 'uninsured', 'no_loss'],
    }).notNull(),
    nextSettlementAt: instant('next_settlement_at'),
    /** Whether it counts for prices and the catalogue: its claim was paid. */
    learned: boolean('learned').notNull().default(false),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('incidents_once').on(table.organisationId, table.provider, table.providerId),
    index('incidents_by_organisation').on(table.organisationId, table.position),
    index('incidents_to_settle').on(table.nextSettlementAt).where(sql`settlement = 'due'`),
    index('incidents_to_confirm').on(table.nextFactAt).where(sql`fact_state = 'pending'`),
  ],
)
