import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql, TransactionSql } from 'postgres'
import { utf8 } from '../../core/verify/encoding.ts'
import {
  formatCheckpoint,
  formatNote,
  growTree,
  HASH_BYTES,
  parseVerifierKey,
  signatureLine,
  TILE_WIDTH,
  tilePath,
} from '../../core/verify/log/index.ts'
import type { LogEntry } from '../../core/verify/log-entry.ts'
import { LOG_CHECKPOINT_OBJECT, logObject } from '../../schema/kv.ts'
import { withContext } from '../../stack/provision.ts'
import { issue } from './api.ts'
import { type Network, PUBLIC_BASE_URL } from './network.ts'

const POLL_MS = 5
const NUDGE_MS = 10_000
const GIVE_UP_MS = 120_000
/** Entries of one statement, leaves that a tree grows by, and objects that are put, at a time. */
const INSERTED_AT_ONCE = 5_000
const LEAVES_AT_ONCE = 256 * TILE_WIDTH
const PUT_AT_ONCE = 16

/** Appends entries as they would be by as many events; the next event of the network has them sequenced. */
export async function appendEntries(sql: Sql, entries: readonly LogEntry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += INSERTED_AT_ONCE) {
    const some = entries.slice(from, from + INSERTED_AT_ONCE)
    const hex = (part: keyof LogEntry) => some.map((entry) => Buffer.from(entry[part]).toString('hex'))
    await sql`
      INSERT INTO log_entries (entry, leaf_hash, created_at)
      SELECT decode(entry, 'hex'), decode(leaf_hash, 'hex'), now()
      FROM unnest(${hex('bytes')}::text[], ${hex('leafHash')}::text[]) AS given (entry, leaf_hash)`
  }
}

/** Has everything that waits sequenced, by the network's own sequencer, and published. */
export async function sequenceAll(network: Network): Promise<void> {
  await issue(network)
  await untilSettled(network)
}

/** Until a published checkpoint covers so many entries. */
export async function untilPublished({ sql }: Network, size: number): Promise<void> {
  const end = performance.now() + GIVE_UP_MS
  while ((await publishedSize(sql)) < size) {
    if (performance.now() > end)
      throw new Error(`the log had no ${size} entries within ${GIVE_UP_MS / 1000} s`)
    await sleep(POLL_MS)
  }
}

export async function publishedSize(sql: Sql): Promise<number> {
  const [row] = await sql<[{ size: number }]>`SELECT published_size::int AS size FROM logs`
  return row.size
}

/**
 * Until every entry is in the published checkpoint, and everything that was issued or has got its place is in KV. No cron
 * comes here for what has failed, so a certificate is issued now and then instead.
 */
export async function untilSettled(network: Network): Promise<void> {
  const started = performance.now()
  let nudged = started
  for (;;) {
    const state = await readState(network)
    if (!state.pending && !state.unpublished && !state.marked) return
    const now = performance.now()
    if (state.halted !== null || now - started > GIVE_UP_MS) {
      throw new Error(`the log does not come to rest: ${JSON.stringify(state)}`)
    }
    if (now - nudged > NUDGE_MS) {
      await issue(network)
      nudged = now
    }
    await sleep(POLL_MS)
  }
}

interface LogState {
  readonly pending: boolean
  readonly unpublished: boolean
  readonly marked: boolean
  readonly halted: string | null
}

async function readState({ sql }: Network): Promise<LogState> {
  const [state] = await sql<[LogState]>`
    SELECT EXISTS (SELECT FROM log_entries WHERE leaf_index IS NULL) AS pending,
      staged_size > published_size AS unpublished, EXISTS (SELECT FROM outbox) AS marked, halted
    FROM logs`
  return state
}

/**
 * Brings many leaves into a log at once: tiles and checkpoint, in the database and in R2, are what the sequencer would
 * have made of them. Nothing may be pending. Whether the database has their entries is the caller's business.
 *
 * @param prepare in the same transaction, from the size so far: the leaf hashes
 */
export async function bulkLoad(
  network: Network,
  prepare: (tx: TransactionSql, from: number) => Promise<readonly Uint8Array[]> | readonly Uint8Array[],
): Promise<void> {
  const note = await network.sql.begin(async (tx) => {
    const [log] = await tx<[LogRow]>`
      SELECT size::int, staged_size::int AS staged, published_size::int AS published, origin, verifier_key, sealed_private_key
      FROM logs`
    if (log.staged !== log.published) throw new Error('the log is not at rest')
    const tree = grow(log.size, await readEdge(tx, log.size), await prepare(tx, log.size))
    await putTiles(network, tree)
    const note = await sign(network, log, tree)
    await storeTiles(tx, tree)
    const { count } = await tx`
      UPDATE logs SET size = ${tree.size}, root_hash = ${tree.root}, checkpoint = ${note}, staged_size = ${tree.size},
        published_size = ${tree.size}, published_checkpoint = ${note}, published_at = now()
      WHERE staged_size = ${log.size}`
    if (count === 0) throw new Error('the log has grown meanwhile')
    return note
  })
  // Not before the database knows it: a sequencer that found it then would stop.
  await network.putObject(LOG_CHECKPOINT_OBJECT, utf8(note))
}

interface LogRow {
  readonly size: number
  readonly staged: number
  readonly published: number
  readonly origin: string
  readonly verifier_key: string
  readonly sealed_private_key: Uint8Array
}

interface Tree {
  readonly size: number
  readonly root: Uint8Array
  /** By path. */
  readonly tiles: ReadonlyMap<string, Tile>
}

interface Tile {
  readonly level: number
  readonly index: number
  readonly hashes: Uint8Array<ArrayBuffer>
}

function grow(from: number, before: ReadonlyMap<number, Uint8Array>, leaves: readonly Uint8Array[]): Tree {
  const newest = new Map<string, Tile>()
  const edge = new Map(before)
  let size = from
  let root = new Uint8Array() as Uint8Array
  for (let at = 0; at < leaves.length; at += LEAVES_AT_ONCE) {
    const tree = growTree(size, edge, leaves.slice(at, at + LEAVES_AT_ONCE))
    for (const tile of tree.tiles) {
      newest.set(`${tile.level}/${tile.index}`, tile)
      if (tile.hashes.length < TILE_WIDTH * HASH_BYTES) edge.set(tile.level, tile.hashes)
      else edge.delete(tile.level)
    }
    size = tree.size
    root = tree.root
  }
  return { size, root, tiles: newest }
}

/** The tiles that the tree ends with and that are not full, by level. */
async function readEdge(tx: TransactionSql, size: number): Promise<Map<number, Uint8Array>> {
  const rows = await tx<{ level: number; hashes: Uint8Array }[]>`
    SELECT level, hashes FROM log_tiles
    WHERE tile_index = div(${size}::numeric, (256 ^ (level + 1))::numeric)::bigint`
  return new Map(rows.map(({ level, hashes }) => [level, new Uint8Array(hashes)]))
}

async function sign(network: Network, log: LogRow, { size, root }: Tree): Promise<string> {
  const { appDatabaseUrl, secrets } = network
  const text = formatCheckpoint({ origin: log.origin, size, root })
  return withContext({ appDatabaseUrl, secrets, publicBaseUrl: PUBLIC_BASE_URL }, async ({ keys }) => {
    const signer = await keys.logSigner(log.verifier_key, log.sealed_private_key)
    return formatNote(text, [signatureLine(parseVerifierKey(log.verifier_key)!, await signer.sign(text))])
  })
}

async function storeTiles(tx: TransactionSql, { tiles }: Tree): Promise<void> {
  const all = [...tiles.values()]
  for (let from = 0; from < all.length; from += TILE_WIDTH) {
    const some = all.slice(from, from + TILE_WIDTH)
    await tx`
      INSERT INTO log_tiles (level, tile_index, hashes)
      SELECT level, tile_index, decode(hashes, 'hex') FROM unnest(${some.map(({ level }) => level)}::int[],
        ${some.map(({ index }) => index)}::bigint[],
        ${some.map(({ hashes }) => Buffer.from(hashes).toString('hex'))}::text[]) AS given (level, tile_index, hashes)
      ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes`
  }
}

async function putTiles({ putObject }: Network, { tiles }: Tree): Promise<void> {
  const waiting = tiles.values()
  const lanes = Array.from({ length: PUT_AT_ONCE }, async () => {
    for (const { level, index, hashes } of waiting) {
      await putObject(logObject(tilePath({ level, index, width: hashes.length / HASH_BYTES })), hashes)
    }
  })
  await Promise.all(lanes)
}
