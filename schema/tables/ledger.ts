import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
} from 'drizzle-orm/pg-core'
import { ACCOUNTS } from '../wire/money.ts'
import { instant } from './organisations.ts'

/** An amount in micro-USD. */
export const micros = (name: string) => bigint(name, { mode: 'bigint' })

/** One event of the books; append-only. Written by the database function `post_journals` alone. */
export const ledgerJournals = pgTable(
  'ledger_journals',
  {
    id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity().primaryKey(),
    /** Names the event, such as `bind/INS-2026-…`: the same event is posted once. */
    key: text('key').notNull().unique(),
    kind: text('kind').notNull(),
    organisationId: text('organisation_id'),
    /** The policy, claim, payout or invoice that it is about. */
    subject: text('subject').notNull(),
    /** Of its postings: the same key with other postings is refused. */
    digest: text('digest').notNull(),
    postedAt: instant('posted_at').notNull(),
  },
  (table) => [
    index('ledger_journals_by_subject').on(table.subject),
    index('ledger_journals_by_time').on(table.postedAt),
  ],
)

/** The lines of a journal: debits are positive, credits negative, and they sum to zero. */
export const ledgerPostings = pgTable(
  'ledger_postings',
  {
    journalId: bigint('journal_id', { mode: 'bigint' })
      .notNull()
      .references(() => ledgerJournals.id),
    line: smallint('line').notNull(),
    account: text('account').notNull(),
    /** Whose part of the account: a policy, claim or organisation; empty where the account has no parts. */
    party: text('party').notNull(),
    amount: micros('amount_micros').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.journalId, table.line] }),
    index('ledger_postings_by_account').on(table.account, table.party),
    check('known_account', sql.raw(`account IN (${ACCOUNTS.map((name) => `'${name}'`).join(', ')})`)),
  ],
)

/** Running balances, kept by `post_journals`; an account without parties is spread over shards, so that no row is hot. */
export const ledgerBalances = pgTable(
  'ledger_balances',
  {
    account: text('account').notNull(),
    party: text('party').notNull(),
    shard: smallint('shard').notNull(),
    amount: micros('amount_micros').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.party, table.shard] })],
)

/** What a nightly comparison of counters, balances and rows found. */
export const reconciliations = pgTable('reconciliations', {
  id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  at: instant('at').notNull(),
  checks: integer('checks').notNull(),
  findings: jsonb('findings').notNull(),
})
