import { decodeEntries } from '../../../core/verify/log/entries.ts'
import { HASH_BYTES } from '../../../core/verify/log/merkle.ts'
import { entriesPath, TILE_WIDTH, type TileId, tilePath, tileWidth } from '../../../core/verify/log/tiles.ts'
import { TileUnavailable } from '../../../core/verify/log/tree.ts'
import { logObject } from '../../../schema/kv.ts'
import { BoundedMap } from '../bounded-map.ts'
import type { EdgeEnv } from '../env.ts'
import { count } from '../metrics.ts'
import { type ReadObject, readObject } from '../objects.ts'

/** A bundle's entries are a few hundred bytes each; a tile has {@link TILE_WIDTH} hashes at most. */
export const MAX_BUNDLE_BYTES = 1024 * 1024
export const MAX_TILE_BYTES = TILE_WIDTH * HASH_BYTES
const MEMORY_BUDGET_BYTES = 16 * 1024 * 1024
const OVERHEAD_BYTES = 128

/** The widest that was read of a tile or bundle. It only grows at its end, so a narrower one is cut from it. */
interface Kept {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly width: number
}

/** Nothing in here has been proven: who finds that it does not hold has it forgotten. */
const memory = new BoundedMap<Kept>(MEMORY_BUDGET_BYTES)

/**
 * The tiles and entry bundles of the tree that a checkpoint covers: from this isolate's memory, else from R2. They are
 * not checked but for their lengths.
 */
export class TreeReader {
  readonly #env: EdgeEnv
  readonly #size: number
  readonly #used = new Set<string>()
  #remembered = false

  /** @param size of the checkpoint, whose tiles must be there; those of a smaller tree need not be */
  constructor(env: EdgeEnv, size: number) {
    this.#env = env
    this.#size = size
  }

  /** Whether anything was in memory before. */
  get remembered(): boolean {
    return this.#remembered
  }

  /** A {@link ReadTile}: exactly `width` hashes, or null when they cannot be had. */
  readonly readTile = async ({ level, index, width }: TileId): Promise<Uint8Array<ArrayBuffer> | null> => {
    const kept = await this.#read({
      name: `${level}/${index}`,
      needed: width,
      available: tileWidth(index, Math.floor(this.#size / TILE_WIDTH ** level)),
      pathAt: (at) => tilePath({ level, index, width: at }),
      maximum: MAX_TILE_BYTES,
      isWhole: (bytes, at) => bytes.length === at * HASH_BYTES,
    })
    return kept === null ? null : kept.bytes.subarray(0, width * HASH_BYTES)
  }

  /**
   * At least `width` entries of a bundle.
   *
   * @throws TileUnavailable when they cannot be had, with the tile of their leaf hashes
   */
  async readBundle(index: number, width: number): Promise<Uint8Array<ArrayBuffer>[]> {
    const kept = await this.#read({
      name: `entries/${index}`,
      needed: width,
      available: tileWidth(index, this.#size),
      pathAt: (at) => entriesPath(index, at),
      maximum: MAX_BUNDLE_BYTES,
      isWhole: (bytes, at) => decodeEntries(bytes)?.length === at,
    })
    const entries = kept && decodeEntries(kept.bytes)
    if (entries === null) throw new TileUnavailable({ level: 0, index, width })
    return entries
  }

  /** Has everything that was used read anew next time: it did not hold. */
  forget(): void {
    for (const name of this.#used) memory.delete(name)
  }

  async #read(wanted: Wanted): Promise<Kept | null> {
    if (wanted.needed > wanted.available) return null
    const first = !this.#used.has(wanted.name)
    this.#used.add(wanted.name)
    const known = memory.get(wanted.name)
    if (known !== undefined && known.width >= wanted.needed) {
      if (first) this.#remembered = true
      return known
    }
    const kept = await readWidest(this.#env, wanted)
    if (kept !== null) memory.set(wanted.name, kept, kept.bytes.length + OVERHEAD_BYTES)
    return kept
  }
}

interface Wanted {
  readonly name: string
  readonly needed: number
  /** Its width in the tree of the checkpoint. */
  readonly available: number
  readonly pathAt: (width: number) => string
  /** Bytes. */
  readonly maximum: number
  readonly isWhole: (bytes: Uint8Array<ArrayBuffer>, width: number) => boolean
}

/** c2sp.org/tlog-tiles: a partial tile may be gone once the full one is there. */
async function readWidest(
  env: EdgeEnv,
  { available, pathAt, maximum, isWhole }: Wanted,
): Promise<Kept | null> {
  let read: ReadObject = { ok: false, reason: 'not_found' }
  for (const width of new Set([available, TILE_WIDTH])) {
    read = await readObject(env, logObject(pathAt(width)), maximum)
    if (read.ok && isWhole(read.bytes, width)) return { bytes: read.bytes, width }
    if (read.ok || read.reason !== 'not_found') break
  }
  const malformed = read.ok || read.reason === 'too_large'
  count(malformed ? 'coderisk_edge_log_rejected_total' : 'coderisk_edge_log_failures_total')
  return null
}
