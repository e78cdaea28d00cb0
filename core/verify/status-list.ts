/** Bits of one status list (Token Status List, `bits: 1`): the index's bit, least significant first. */
export const STATUS_LIST_SIZE = 131_072

/** @returns null when `index` is out of the list's range */
export function statusBit(bits: Uint8Array, index: number): boolean | null {
  if (!Number.isInteger(index) || index < 0 || index >= bits.length * 8) return null
  return ((bits[index >>> 3]! >>> (index & 7)) & 1) === 1
}
