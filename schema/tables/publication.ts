import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea, instant, organisations } from './organisations.ts'

/** Which entities must be published again; never what to publish. The drainer reads the current row. */
export const outbox = pgTable(
  'outbox',
  {
    kind: text('kind', { enum: ['certificate', 'trust_root', 'status_list'] }).notNull(),
    entityId: text('entity_id').notNull(),
    /** Of the sequence `publication_generation`; a mark is cleared only if it has not moved since it was read. */
    generation: bigint('generation', { mode: 'number' }).notNull(),
    markedAt: instant('marked_at').notNull(),
    /** Nobody else publishes it before this time; a dead drainer's lease simply runs out. */
    leasedUntil: instant('leased_until'),
    attempts: integer('attempts').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.entityId] }),
    index('outbox_by_time').on(table.markedAt),
  ],
)

/** Committed answers of mutations, for seven days. Never a secret. */
export const idempotencyRecords = pgTable(
  'idempotency_records',
  {
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id),
    route: text('route').notNull(),
    key: text('key').notNull(),
    requestSha256: bytea('request_sha256').notNull(),
    responseStatus: integer('response_status').notNull(),
    responseBody: bytea('response_body').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.route, table.key] }),
    index('idempotency_records_by_age').on(table.createdAt),
  ],
)
