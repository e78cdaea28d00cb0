import { decodeEntries } from '../../../../core/verify/log/entries.ts'
import { HASH_BYTES } from '../../../../core/verify/log/merkle.ts'
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from '../../../../core/verify/log/tiles.ts'
import type { ReadTile } from '../../../../core/verify/log/tree.ts'

/** @param path below the log's own, such as `tile/0/000.p/7`. @returns null when it could not be had */
export type FetchObject = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>

/** The tiles and entries of a published tree, as anyone can read them. Nothing of it is verified here. */
export class PublishedTree {
  readonly #fetch: FetchObject
  readonly #size: number
  #tiles = 0

  /** @param size of the tree, in leaves: of the checkpoint that was fetched before */
  constructor(fetch: FetchObject, size: number) {
    this.#fetch = fetch
    this.#size = size
  }

  /** How many tiles were read so far. */
  get tiles(): number {
    return this.#tiles
  }

  readonly readTile: ReadTile = async ({ level, index, width }) => {
    this.#tiles++
    const bytes = await this.#widest(width, (at) => tilePath({ level, index, width: at }))
    return bytes === null || bytes.length < width * HASH_BYTES ? null : bytes.subarray(0, width * HASH_BYTES)
  }

  /** @param index of the leaf. @returns null when it could not be had */
  async readEntry(index: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const bundle = Math.floor(index / TILE_WIDTH)
    const bytes = await this.#widest(tileWidth(bundle, this.#size), (at) => entriesPath(bundle, at))
    return (bytes && decodeEntries(bytes)?.[index % TILE_WIDTH]) ?? null
  }

  /** c2sp.org/tlog-tiles: a partial one may be gone once the full one is there. */
  async #widest(width: number, pathAt: (width: number) => string): Promise<Uint8Array<ArrayBuffer> | null> {
    const partial = await this.#fetch(pathAt(width))
    return partial ?? (width === TILE_WIDTH ? null : this.#fetch(pathAt(TILE_WIDTH)))
  }
}
