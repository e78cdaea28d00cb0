import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { bytea, instant } from './organisations.ts'

/** The id of the one row of {@link logs}. */
export const LOG_ID = 'network'

/**
 * The transparency log: what it is called, the key that signs its checkpoints, and how far it has come. Sizes only
 * grow: `published_size` ≤ `size` ≤ `staged_size`.
 */
export const logs = pgTable(
  'logs',
  {
    id: text('id').primaryKey(),
    /** First line of every checkpoint; given when the log is made, and never again. */
    origin: text('origin').notNull(),
    /** c2sp.org/signed-note: `name+hash+base64`. */
    verifierKey: text('verifier_key').notNull(),
    /** Ed25519, sealed as signing keys are; additional data = the verifier key. */
    sealedPrivateKey: bytea('sealed_private_key').notNull(),
    /** Entries that the newest signed checkpoint covers. */
    size: bigint('size', { mode: 'number' }).notNull(),
    rootHash: bytea('root_hash').notNull(),
    /** The newest checkpoint with the log's own signature; null before the first. */
    checkpoint: text('checkpoint'),
    /** Entries that have an index. Those past `size` are what the next checkpoint will cover. */
    stagedSize: bigint('staged_size', { mode: 'number' }).notNull(),
    publishedSize: bigint('published_size', { mode: 'number' }).notNull(),
    /** As it was published, with its cosignatures. */
    publishedCheckpoint: text('published_checkpoint'),
    publishedAt: instant('published_at'),
    /** Why sequencing has stopped until somebody looks at it; null while it has not. */
    halted: text('halted'),
    createdAt: instant('created_at').notNull(),
  },
  () => [
    check('one_log', sql`id = 'network'`),
    check('sizes_in_order', sql`published_size <= size AND size <= staged_size`),
  ],
)

/** Entries of the transparency log, written with the event that they record. */
export const logEntries = pgTable(
  'log_entries',
  {
    id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity().primaryKey(),
    /** RFC 8785 bytes of the entry. */
    entry: bytea('entry').notNull(),
    leafHash: bytea('leaf_hash').notNull().unique(),
    createdAt: instant('created_at').notNull(),
    /** Its place in the tree, from 0, without gaps. Null while it waits; given once. */
    leafIndex: bigint('leaf_index', { mode: 'number' }),
  },
  (table) => [
    uniqueIndex('log_entries_by_leaf_index').on(table.leafIndex).where(sql`leaf_index IS NOT NULL`),
    index('log_entries_pending').on(table.id).where(sql`leaf_index IS NULL`),
  ],
)

/** The newest width of each hash tile (c2sp.org/tlog-tiles): the core's own copy, which R2's is made from. */
export const logTiles = pgTable(
  'log_tiles',
  {
    level: integer('level').notNull(),
    index: bigint('tile_index', { mode: 'number' }).notNull(),
    /** 1 to 256 hashes of 32 bytes. */
    hashes: bytea('hashes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.level, table.index] })],
)

/** How far each witness of the policy has followed, so that it is asked with the right old size. */
export const logWitnesses = pgTable('log_witnesses', {
  /** Its verifier key. */
  verifierKey: text('verifier_key').primaryKey(),
  size: bigint('size', { mode: 'number' }).notNull(),
  cosignedAt: instant('cosigned_at'),
  failedAt: instant('failed_at'),
  /** A code, never what the witness said. */
  failure: text('failure'),
})

/** A checkpoint that was written into a transaction of an Ethereum-compatible chain. */
export const logAnchors = pgTable(
  'log_anchors',
  {
    size: bigint('size', { mode: 'number' }).primaryKey(),
    rootHash: bytea('root_hash').notNull(),
    checkpoint: text('checkpoint').notNull(),
    chainId: bigint('chain_id', { mode: 'number' }).notNull(),
    /** `0x` and 64 hex digits; known before the transaction is sent. */
    transactionHash: text('transaction_hash').notNull().unique(),
    /** The signed transaction, so that sending it again has the effect of once. */
    rawTransaction: text('raw_transaction').notNull(),
    state: text('state', { enum: ['prepared', 'confirmed'] }).notNull(),
    blockNumber: bigint('block_number', { mode: 'number' }),
    createdAt: instant('created_at').notNull(),
    confirmedAt: instant('confirmed_at'),
  },
  () => [check('known_anchor_state', sql`state IN ('prepared', 'confirmed')`)],
)

/** A certificate in another signed form, made when it was first asked for and then kept. */
export const certificateForms = pgTable(
  'certificate_forms',
  {
    certificateId: text('certificate_id').notNull(),
    form: text('form', { enum: ['jws', 'sigstore'] }).notNull(),
    document: jsonb('document').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.certificateId, table.form] })],
)

/** The signed token of each status list that was last published. */
export const statusListTokens = pgTable('status_list_tokens', {
  list: integer('list').primaryKey(),
  /** Of `status_lists`; 0 for a list without a revocation. */
  version: bigint('version', { mode: 'number' }).notNull(),
  issuedAt: instant('issued_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  bytes: integer('bytes').notNull(),
})
