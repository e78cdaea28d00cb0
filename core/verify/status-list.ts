/** Statuses of one status list (Token Status List): certificates, or agents. */
export const STATUS_LIST_SIZE = 131_072

/**
 * The status at `index` of a list of so many bits each, least significant first. 0 is valid, 1 revoked, 2 suspended.
 *
 * @returns null when `index` is out of the list's range
 */
export function statusAt(list: Uint8Array, bits: 1 | 2, index: number): number | null {
  const perByte = 8 / bits
  if (!Number.isInteger(index) || index < 0 || index >= list.length * perByte) return null
  const shift = (index % perByte) * bits
  return (list[Math.floor(index / perByte)]! >>> shift) & (2 ** bits - 1)
}

/** Whether the bit of a certificate's list is set. @returns null when `index` is out of the list's range */
export function statusBit(list: Uint8Array, index: number): boolean | null {
  const status = statusAt(list, 1, index)
  return status === null ? null : status === 1
}
