import { sql } from 'drizzle-orm'
import { boolean, customType, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** A tenant. Rows of every tenant table carry its id and are held apart by row-level security. */
export const organisations = pgTable('organisations', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull(),
})

/** A person of an organisation. API keys act for one. */
export const users = pgTable('users', {
  id: text('id').primaryKey(),
  organisationId: text('organisation_id')
    .notNull()
    .references(() => organisations.id),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull(),
})

/** An API key. The key itself is never stored: only its SHA-256 and its first characters. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    sha256: bytea('sha256').notNull().unique(),
    hint: text('hint').notNull(),
    scopes: text('scopes').array().notNull().default(sql`'{}'`),
    livemode: boolean('livemode').notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [index('api_keys_by_organisation').on(table.organisationId, table.id)],
)
