import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { bytea, instant, organisations } from './organisations.ts'

const organisationId = () =>
  text('organisation_id')
    .notNull()
    .references(() => organisations.id)

/** Where an organisation wants to be told (Standard Webhooks). */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    url: text('url').notNull(),
    description: text('description').notNull().default(''),
    /** Types of events, or `*`. */
    events: text('events').array().notNull(),
    /** The signing secret, sealed; additional data = the id. */
    sealedSecret: bytea('sealed_secret').notNull(),
    /** The one before, which signs too until it expires. */
    sealedPreviousSecret: bytea('sealed_previous_secret'),
    previousSecretExpiresAt: instant('previous_secret_expires_at'),
    state: text('state', { enum: ['enabled', 'disabled'] }).notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [index('webhook_endpoints_by_organisation').on(table.organisationId, table.id)],
)

/** What happened, as it is told: the same bytes at every attempt. */
export const webhookEvents = pgTable(
  'webhook_events',
  {
    /** `webhook-id`. */
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    type: text('type').notNull(),
    body: text('body').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('webhook_events_by_age').on(table.createdAt)],
)

/** One event on its way to one endpoint. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: text('id').primaryKey(),
    position: bigint('position', { mode: 'bigint' }).generatedAlwaysAsIdentity().unique(),
    organisationId: organisationId(),
    endpointId: text('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    eventId: text('event_id')
      .notNull()
      .references(() => webhookEvents.id),
    state: text('state', { enum: ['pending', 'delivered', 'failed'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    createdAt: instant('created_at').notNull(),
    deliveredAt: instant('delivered_at'),
  },
  (table) => [
    uniqueIndex('webhook_deliveries_once').on(table.eventId, table.endpointId),
    index('webhook_deliveries_by_endpoint').on(table.endpointId, table.position),
    index('webhook_deliveries_due').on(table.nextAttemptAt).where(sql`state = 'pending'`),
    index('webhook_deliveries_due_by_organisation')
      .on(table.organisationId, table.nextAttemptAt)
      .where(sql`state = 'pending'`),
  ],
)

/** The delivery log: what each attempt came to. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    deliveryId: text('delivery_id')
      .notNull()
      .references(() => webhookDeliveries.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    organisationId: organisationId(),
    at: instant('at').notNull(),
    /** Of the answer; null when there was none. */
    status: integer('status'),
    /** A code; null when it was delivered. */
    error: text('error'),
    durationMs: integer('duration_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.number] })],
)
