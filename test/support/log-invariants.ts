import { createHash } from 'node:crypto'
import type postgres from 'postgres'
import {
  type Checkpoint,
  decodeEntries,
  entriesPath,
  newBundles,
  openCheckpoint,
  parseVerifierKey,
  TILE_WIDTH,
  type TileId,
  tilePath,
  treeTiles,
} from '../../core/verify/log/index.ts'
import { LOG_CHECKPOINT_OBJECT, logObject } from '../../schema/kv.ts'
import type { MemoryObjectStore, PutRecord } from './object-store.ts'

export interface LogFacts {
  /** What is wrong, in words; empty when all is well. */
  readonly faults: readonly string[]
  /** Entries that the published checkpoint covers. */
  readonly publishedSize: number
  readonly stagedSize: number
  /** All entries, pending ones included. */
  readonly entries: number
}

type ReadObject = (path: string) => Promise<Uint8Array | null>

/**
 * Everything that must hold of the log, whatever went wrong on the way: the whole published log is read, and its tree
 * built anew as RFC 6962 defines it. Nobody may be sequencing meanwhile.
 *
 * @param read an object of the log by its path below the log's prefix: `checkpoint`, `tile/…`
 * @param sql as the owner of the database
 */
export async function inspectLog(read: ReadObject, sql: postgres.Sql): Promise<LogFacts> {
  const [log] = await sql`SELECT * FROM logs`
  const [counted] = await sql`SELECT count(*) FROM log_entries`
  const rows =
    await sql`SELECT leaf_index, entry, leaf_hash FROM log_entries WHERE leaf_index IS NOT NULL ORDER BY leaf_index`
  const faults: string[] = []
  const stagedSize = Number(log!.staged_size)
  if (rows.some((row, i) => Number(row.leaf_index) !== i)) faults.push('indices are not contiguous')
  if (rows.length !== stagedSize) faults.push(`${rows.length} entries have an index, ${stagedSize} should`)
  const hashes = rows.map((row) => leafHash(row.entry))
  if (rows.some((row, i) => !hashes[i]!.equals(row.leaf_hash))) faults.push('a leaf hash is not of its entry')
  const tree = new NaiveTree(hashes)
  if (!tree.root(Number(log!.size)).equals(log!.root_hash)) faults.push('the database has another root')
  const checkpoint = await openPublished(read, log!.verifier_key)
  if (typeof checkpoint === 'string') faults.push(checkpoint)
  const { size: publishedSize, root } =
    typeof checkpoint === 'string' ? { size: 0, root: tree.root(0) } : checkpoint
  if (publishedSize !== Number(log!.published_size))
    faults.push('the database does not know what is published')
  if (publishedSize > rows.length) faults.push('an entry is published that the database does not have')
  else {
    if (!tree.root(publishedSize).equals(root)) faults.push('the published root is of other entries')
    faults.push(
      ...(await inspectBundles(
        read,
        publishedSize,
        rows.map((row) => row.entry),
      )),
    )
    faults.push(...(await inspectTiles(read, publishedSize, tree)))
  }
  return { faults, publishedSize, stagedSize, entries: Number(counted!.count) }
}

/**
 * What must hold of all that was ever put: checkpoints never go backwards, no two of one size differ, each was preceded
 * by all of its tiles, and no tile or bundle ever changed.
 */
export async function inspectHistory(history: readonly PutRecord[], verifierKey: string): Promise<string[]> {
  const faults: string[] = []
  const roots = new Map<number, string>()
  const digests = new Map<string, string>()
  let last = 0
  for (const { key, bytes } of history) {
    if (key !== LOG_CHECKPOINT_OBJECT) {
      const digest = createHash('sha256').update(bytes).digest('hex')
      if ((digests.get(key) ?? digest) !== digest) faults.push(`${key} has changed`)
      digests.set(key, digest)
      continue
    }
    const opened = await openPublished(async () => bytes, verifierKey)
    if (typeof opened === 'string') {
      faults.push(opened)
      continue
    }
    const root = Buffer.from(opened.root).toString('hex')
    if (opened.size < last) faults.push(`the checkpoint went from ${last} back to ${opened.size}`)
    if ((roots.get(opened.size) ?? root) !== root) faults.push(`two roots of size ${opened.size}`)
    const missing = objectsOf(opened.size).find((path) => !digests.has(logObject(path)))
    if (missing !== undefined) faults.push(`${opened.size} was published without ${missing}`)
    roots.set(opened.size, root)
    last = opened.size
  }
  return faults
}

/** Of a log in memory, with all that was put on the way. */
export async function inspectMemoryLog(store: MemoryObjectStore, sql: postgres.Sql): Promise<LogFacts> {
  const facts = await inspectLog(async (path) => store.bytes(logObject(path)), sql)
  const [log] = await sql`SELECT verifier_key FROM logs`
  return { ...facts, faults: [...facts.faults, ...(await inspectHistory(store.history, log!.verifier_key))] }
}

function objectsOf(size: number): string[] {
  return [
    ...treeTiles(size).map(tilePath),
    ...newBundles(0, size).map(({ index, width }) => entriesPath(index, width)),
  ]
}

async function openPublished(read: ReadObject, verifierKey: string): Promise<Checkpoint | string> {
  const bytes = await read('checkpoint')
  if (bytes === null) return 'there is no published checkpoint'
  const opened = await openCheckpoint(new TextDecoder().decode(bytes), parseVerifierKey(verifierKey)!)
  return opened ?? 'the published checkpoint does not verify'
}

async function inspectBundles(read: ReadObject, size: number, entries: readonly Buffer[]): Promise<string[]> {
  const faults: string[] = []
  for (const { index, width } of newBundles(0, size)) {
    const bytes = await read(entriesPath(index, width))
    const bundle = bytes === null ? null : decodeEntries(bytes)
    const expected = entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width)
    const same =
      bundle?.length === width && bundle.every((entry, i) => Buffer.compare(entry, expected[i]!) === 0)
    if (!same) faults.push(`${entriesPath(index, width)} does not have its entries`)
  }
  return faults
}

async function inspectTiles(read: ReadObject, size: number, tree: NaiveTree): Promise<string[]> {
  const faults: string[] = []
  for (const tile of treeTiles(size)) {
    const bytes = await read(tilePath(tile))
    if (bytes === null || !tree.tile(tile).equals(bytes)) faults.push(`${tilePath(tile)} is not of its tree`)
  }
  return faults
}

function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(entry).digest()
}

/** RFC 6962 §2.1, recursively; nothing of the code under test. */
class NaiveTree {
  readonly #leaves: readonly Buffer[]
  readonly #known = new Map<string, Buffer>()

  constructor(leaves: readonly Buffer[]) {
    this.#leaves = leaves
  }

  root(size: number): Buffer {
    return this.#hash(0, size)
  }

  tile({ level, index, width }: TileId): Buffer {
    const span = TILE_WIDTH ** level
    const first = index * TILE_WIDTH
    const hashes = Array.from({ length: width }, (_, i) =>
      this.#hash((first + i) * span, (first + i + 1) * span),
    )
    return Buffer.concat(hashes)
  }

  #hash(start: number, end: number): Buffer {
    if (end === start) return createHash('sha256').digest()
    if (end - start === 1) return this.#leaves[start]!
    const name = `${start} ${end}`
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const middle = start + 2 ** Math.ceil(Math.log2(end - start) - 1)
    const hash = createHash('sha256')
      .update(Buffer.of(1))
      .update(this.#hash(start, middle))
      .update(this.#hash(middle, end))
      .digest()
    this.#known.set(name, hash)
    return hash
  }
}
