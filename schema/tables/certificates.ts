import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { bytea, instant, organisations } from './organisations.ts'

/** One certificate. `signed` holds the exact bytes that were signed and is never written again. */
export const certificates = pgTable(
  'certificates',
  {
    id: text('id').primaryKey(),
    /** Order of issue, for listing; it says nothing to the public. */
    position: bigint('position', { mode: 'bigint' }).generatedAlwaysAsIdentity().unique(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id),
    userId: text('user_id').notNull(),
    livemode: boolean('livemode').notNull(),
    aiTool: text('ai_tool').notNull(),
    codeHash: text('code_hash').notNull(),
    commitSha: text('commit_sha'),
    language: text('language'),
    framework: text('framework'),
    riskScore: integer('risk_score_hundredths').notNull(),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    keyId: text('key_id').notNull(),
    signed: bytea('signed').notNull(),
    signature: bytea('signature').notNull(),
    leafHash: bytea('leaf_hash').notNull(),
    /** For the owner alone: findings with their lines, the salt of hashed paths. Never the code. */
    report: jsonb('report').notNull(),
    statusList: integer('status_list').notNull(),
    statusIndex: integer('status_index').notNull(),
    revokedAt: instant('revoked_at'),
    revocationReason: text('revocation_reason'),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    index('certificates_by_organisation').on(table.organisationId, table.position),
    index('certificates_by_update').on(table.updatedAt),
    index('certificates_by_leaf_hash').on(table.leafHash),
    index('certificates_by_status_index').on(table.statusList, table.statusIndex),
    check('revoked_with_reason', sql`(revoked_at IS NULL) = (revocation_reason IS NULL)`),
  ],
)

/** One status list of 131,072 bits (Token Status List order: least significant bit first). 1 = revoked. */
export const statusLists = pgTable('status_lists', {
  id: integer('id').primaryKey(),
  bits: bytea('bits').notNull(),
  /** Grows with every change; readers ask for what is newer than theirs. */
  version: bigint('version', { mode: 'number' }).notNull(),
})
