import { TILE_WIDTH } from './tiles.ts'

/** The length that two bytes can tell (c2sp.org/tlog-tiles, log entries). */
export const MAX_ENTRY_BYTES = 65_535

const LENGTH_BYTES = 2

/**
 * An entry bundle: each entry after its length as a big-endian u16.
 *
 * @param entries 1 to 256; an empty bundle is never published
 */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  if (entries.length < 1 || entries.length > TILE_WIDTH) throw new RangeError('a bundle has 1 to 256 entries')
  if (entries.some((entry) => entry.length > MAX_ENTRY_BYTES)) throw new RangeError('the entry is too long')
  const length = entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0)
  const bundle = new Uint8Array(length)
  const view = new DataView(bundle.buffer)
  let at = 0
  for (const entry of entries) {
    view.setUint16(at, entry.length)
    bundle.set(entry, at + LENGTH_BYTES)
    at += LENGTH_BYTES + entry.length
  }
  return bundle
}

/** @returns the 1 to 256 entries of a bundle, or null when `bytes` are none */
export function decodeEntries(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < bytes.length; ) {
    const start = at + LENGTH_BYTES
    if (start > bytes.length || entries.length === TILE_WIDTH) return null
    const end = start + view.getUint16(at)
    if (end > bytes.length) return null
    entries.push(new Uint8Array(bytes.subarray(start, end)))
    at = end
  }
  return entries.length === 0 ? null : entries
}
