import { parseDecimal } from './text.ts'

/** Hashes of a full tile, and entries of a full bundle (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256
/** The highest level that a path can name. */
export const MAX_TILE_LEVEL = 63

/** A tile of `width` hashes, 1 to 256; below 256 it is a partial one. */
export interface TileId {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** A bundle of `width` entries, 1 to 256. */
export interface BundleId {
  readonly index: number
  readonly width: number
}

export type ObjectId = ({ readonly kind: 'tile' } & TileId) | ({ readonly kind: 'entries' } & BundleId)

const OBJECT_PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/
const GROUP_DIGITS = 3

/** @returns `tile/0/x001/x234/067`, for a partial one with `.p/<width>` */
export function tilePath({ level, index, width }: TileId): string {
  if (!isCount(level) || level > MAX_TILE_LEVEL) throw new RangeError('no such tile level')
  return `tile/${level}/${indexPath(index, width)}`
}

/** @returns `tile/entries/x001/x234/067`, for a partial one with `.p/<width>` */
export function entriesPath(index: number, width: number): string {
  return `tile/entries/${indexPath(index, width)}`
}

/** The strict inverse of {@link tilePath} and {@link entriesPath}. @returns null for what neither writes */
export function parseObjectPath(path: string): ObjectId | null {
  const [, kind, groups, partial] = OBJECT_PATH.exec(path) ?? []
  if (kind === undefined || groups === undefined) return null
  const index = Number(groups.replaceAll(/[x/]/g, ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  if (!isCount(index) || width > TILE_WIDTH) return null
  const level = kind === 'entries' ? 0 : parseDecimal(kind)
  if (level === null || level > MAX_TILE_LEVEL) return null
  const id: ObjectId =
    kind === 'entries' ? { kind: 'entries', index, width } : { kind: 'tile', level, index, width }
  // Refuses x000 in front, and .p/256.
  const canonical = id.kind === 'tile' ? tilePath(id) : entriesPath(index, width)
  return canonical === path ? id : null
}

/**
 * The tiles to publish when a tree grows: at every level those with a new hash, at the width of the larger tree.
 *
 * @param from the size so far, in leaves
 * @param to the size that is reached
 */
export function newTiles(from: number, to: number): TileId[] {
  checkGrowth(from, to)
  const tiles: TileId[] = []
  for (let level = 0, before = from, after = to; after > 0; level++) {
    for (const { index, width } of touched(before, after)) tiles.push({ level, index, width })
    before = Math.floor(before / TILE_WIDTH)
    after = Math.floor(after / TILE_WIDTH)
  }
  return tiles
}

/** The entry bundles to publish when a tree grows from `from` to `to` leaves. */
export function newBundles(from: number, to: number): BundleId[] {
  checkGrowth(from, to)
  return touched(from, to)
}

/** Every tile of a tree of `size` leaves: the full ones and the right edge, level by level. */
export function treeTiles(size: number): TileId[] {
  return newTiles(0, size)
}

/** The width of tile `index` in a row of `count` hashes; 0 or less where there is none. */
export function tileWidth(index: number, count: number): number {
  return Math.min(TILE_WIDTH, count - index * TILE_WIDTH)
}

function touched(before: number, after: number): BundleId[] {
  const found: BundleId[] = []
  if (before === after) return found
  for (let index = Math.floor(before / TILE_WIDTH); tileWidth(index, after) > 0; index++) {
    found.push({ index, width: tileWidth(index, after) })
  }
  return found
}

function indexPath(index: number, width: number): string {
  if (!isCount(index)) throw new RangeError('no such tile index')
  if (!isCount(width) || width < 1 || width > TILE_WIDTH) throw new RangeError('a tile has 1 to 256 hashes')
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / GROUP_DIGITS) * GROUP_DIGITS, '0')
  const groups = padded.match(/.{3}/g)!.join('/x')
  const path = groups.includes('/') ? `x${groups.slice(0, -4)}${groups.slice(-3)}` : groups
  return width === TILE_WIDTH ? path : `${path}.p/${width}`
}

function checkGrowth(from: number, to: number): void {
  if (!isCount(from) || !isCount(to) || from > to) throw new RangeError('a tree cannot shrink')
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
