import { equalBytes, HASH_BYTES } from '../../core/verify/index.ts'

/** Of a table: an index fits a slot of 32 bits, whose zero means that it is free. */
export const MAX_TABLE_INDEX = 2 ** 32 - 2

const CHUNK_HASHES = 65_536
const FIRST_SLOTS = 1024

/**
 * Hashes of 32 bytes by their index, found by value: 32 bytes for each and 8 to 16 for the table of slots, which is
 * 40 to 48 MB for a million. A JavaScript `Map` would take five times that.
 */
export class HashTable {
  /** Made when the first of its indices comes, so that a size that a log only claims costs nothing. */
  readonly #chunks = new Map<number, Uint8Array>()
  /** Open addressing: index + 1, or 0. */
  #slots = new Uint32Array(FIRST_SLOTS)
  #count = 0

  /** @returns the index under which the hash was there before, and then nothing is added; else null */
  add(index: number, hash: Uint8Array): number | null {
    if (index > MAX_TABLE_INDEX || hash.length !== HASH_BYTES) throw new RangeError('not for this table')
    const slot = this.#slotOf(hash)
    const found = this.#slots[slot]!
    if (found !== 0) return found - 1
    this.#store(index, hash)
    this.#slots[slot] = index + 1
    this.#count++
    if (this.#count * 2 > this.#slots.length) this.#grow()
    return null
  }

  /** @returns its index, or null */
  find(hash: Uint8Array): number | null {
    const found = this.#slots[this.#slotOf(hash)]!
    return found === 0 ? null : found - 1
  }

  /** The slot that holds `hash`, or the free one where it belongs. */
  #slotOf(hash: Uint8Array): number {
    const mask = this.#slots.length - 1
    // Hashes are evenly spread already: their first bytes say where.
    let slot = ((hash[0]! << 24) | (hash[1]! << 16) | (hash[2]! << 8) | hash[3]!) & mask
    for (;;) {
      const found = this.#slots[slot]!
      if (found === 0 || equalBytes(this.#hashAt(found - 1), hash)) return slot
      slot = (slot + 1) & mask
    }
  }

  #hashAt(index: number): Uint8Array {
    const start = (index % CHUNK_HASHES) * HASH_BYTES
    return this.#chunks.get(Math.floor(index / CHUNK_HASHES))!.subarray(start, start + HASH_BYTES)
  }

  #store(index: number, hash: Uint8Array): void {
    const number = Math.floor(index / CHUNK_HASHES)
    let chunk = this.#chunks.get(number)
    if (chunk === undefined) {
      chunk = new Uint8Array(CHUNK_HASHES * HASH_BYTES)
      this.#chunks.set(number, chunk)
    }
    chunk.set(hash, (index % CHUNK_HASHES) * HASH_BYTES)
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Uint32Array(before.length * 2)
    for (const found of before) {
      if (found !== 0) this.#slots[this.#slotOf(this.#hashAt(found - 1))] = found
    }
  }
}
