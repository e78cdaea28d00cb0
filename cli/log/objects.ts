import {
  entriesPath,
  HASH_BYTES,
  MAX_ENTRY_BYTES,
  type ObjectId,
  TILE_WIDTH,
  type TileId,
  tilePath,
} from '../../core/verify/index.ts'

/**
 * Reads an object below a log's URL, such as `checkpoint` or `tile/0/000`: over HTTP, or out of a store.
 *
 * @param maxBytes of a longer object it may give the first `maxBytes + 1` bytes alone: it is not needed then
 * @returns null where there is none
 * @throws {ReadFailure} when it cannot be told
 */
export type ReadObject = (path: string, maxBytes: number) => Promise<Uint8Array | null>

/** The log, or the way to it, fails: nothing is said of what the log holds. */
export class ReadFailure extends Error {}

const LENGTH_BYTES = 2

export function objectPath(object: ObjectId): string {
  return object.kind === 'tile' ? tilePath(object) : entriesPath(object.index, object.width)
}

/** In bytes. */
export function maxObjectBytes({ kind, width }: ObjectId): number {
  return width * (kind === 'tile' ? HASH_BYTES : LENGTH_BYTES + MAX_ENTRY_BYTES)
}

/** The partial tiles that a tree of `size` leaves ends with, from the highest level down; none for the empty tree. */
export function edgeTiles(size: number): TileId[] {
  const tiles: TileId[] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH
    if (width > 0) tiles.unshift({ level, index: Math.floor(count / TILE_WIDTH), width })
  }
  return tiles
}

/**
 * All objects of a tree but the partial tiles, each tile right before what lies below it. So a reader of them in this order
 * needs to hold one tile of each level only.
 */
export function* objectsInOrder(size: number): Generator<ObjectId> {
  for (const tile of edgeTiles(size)) yield* below(tile)
}

function* below({ level, index, width }: TileId): Generator<ObjectId> {
  if (level === 0) {
    yield { kind: 'entries', index, width }
    return
  }
  for (let i = 0; i < width; i++) {
    const child = { level: level - 1, index: index * TILE_WIDTH + i, width: TILE_WIDTH }
    yield { kind: 'tile', ...child }
    yield* below(child)
  }
}

/** Gives objects in their order, and reads the next ones meanwhile: `ahead` at a time. */
export class ReadAhead<T> {
  readonly #objects: Iterator<ObjectId>
  readonly #read: (object: ObjectId) => Promise<T>
  readonly #queue: { readonly path: string; readonly read: Promise<T> }[] = []
  readonly #ahead: number

  constructor(objects: Iterator<ObjectId>, read: (object: ObjectId) => Promise<T>, ahead: number) {
    this.#objects = objects
    this.#read = read
    this.#ahead = ahead
  }

  /** @param object the next one of the order */
  async take(object: ObjectId): Promise<T> {
    this.#fill()
    const next = this.#queue.shift()
    if (next?.path !== objectPath(object))
      throw new RangeError(`${objectPath(object)} is not the next object`)
    return next.read
  }

  #fill(): void {
    while (this.#queue.length < this.#ahead) {
      const { value, done } = this.#objects.next()
      if (done === true) return
      const read = this.#read(value)
      // What fails is told to whoever takes it; until then it is not unhandled.
      read.catch(() => {})
      this.#queue.push({ path: objectPath(value), read })
    }
  }
}
