import { sql } from 'drizzle-orm'
import { bigint, boolean, check, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { bytea, instant } from './organisations.ts'

/** A signing key of the network. The private half is sealed: AES-256-GCM, additional data = kid. */
export const signingKeys = pgTable(
  'signing_keys',
  {
    kid: text('kid').primaryKey(),
    livemode: boolean('livemode').notNull(),
    state: text('state', { enum: ['pending', 'active', 'retired', 'compromised'] }).notNull(),
    publicJwk: jsonb('public_jwk').notNull(),
    sealedPrivateKey: bytea('sealed_private_key').notNull(),
    createdAt: instant('created_at').notNull(),
    activatedAt: instant('activated_at'),
    retiredAt: instant('retired_at'),
    compromisedAt: instant('compromised_at'),
    /** Certificates below this index of the log keep their worth; null until the log has the event. */
    compromisedLogIndex: bigint('compromised_log_index', { mode: 'number' }),
  },
  (table) => [
    uniqueIndex('one_active_key').on(table.livemode).where(sql`state = 'active'`),
    uniqueIndex('one_pending_key').on(table.livemode).where(sql`state = 'pending'`),
    check('known_state', sql`state IN ('pending', 'active', 'retired', 'compromised')`),
  ],
)

/** Every trust root that was published. The version only grows. */
export const trustRoots = pgTable('trust_roots', {
  version: integer('version').primaryKey(),
  jws: jsonb('jws').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
})
