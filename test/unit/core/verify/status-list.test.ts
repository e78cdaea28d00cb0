import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STATUS_LIST_SIZE, statusAt, statusBit } from '../../../../core/verify/status-list.ts'

/** Token Status List, section 4.1: a list of 16 one-bit statuses. */
const BYTES = new Uint8Array([0xb9, 0xa3])
const STATUSES = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]

describe('statusAt', () => {
  test('reads the list of the Token Status List with two bits each', () => {
    // Token Status List, section 4.1: statuses 1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3.
    const list = new Uint8Array([0xc9, 0x44, 0xf9])
    const statuses = Array.from({ length: 13 }, (_, index) => statusAt(list, 2, index))
    expect(statuses).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3, null])
  })

  test('of two bits sees both halves of what one bit sees', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.nat(199), (list, index) => {
        fc.pre(index < list.length * 4)
        const [low, high] = [statusAt(list, 1, 2 * index)!, statusAt(list, 1, 2 * index + 1)!]
        expect(statusAt(list, 2, index)).toBe(low + 2 * high)
      }),
    )
  })
})

describe('statusBit', () => {
  test('reads the vector of the Token Status List, least significant bit first', () => {
    expect(STATUSES.map((_, index) => Number(statusBit(BYTES, index)))).toEqual(STATUSES)
  })

  test("that vector is the list that the draft's compressed form holds", () => {
    const compressed = Buffer.from('eNrbuRgAAhcBXQ', 'base64url')
    expect(new Uint8Array(inflateSync(compressed))).toEqual(BYTES)
    expect(inflateSync(deflateSync(BYTES))).toEqual(Buffer.from(BYTES))
  })

  test.each([
    16,
    17,
    131_072,
    -1,
    -8,
    2 ** 31,
    2 ** 32,
    2 ** 32 + 3,
    Number.MAX_SAFE_INTEGER,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('index %d is out of the range of a list of 16', (index) => {
    expect(statusBit(BYTES, index)).toBeNull()
  })

  test('any index of a full list names one bit, and its own', () => {
    fc.assert(
      fc.property(fc.nat(STATUS_LIST_SIZE - 1), fc.nat(STATUS_LIST_SIZE - 1), (set, asked) => {
        const bits = new Uint8Array(STATUS_LIST_SIZE / 8)
        bits[Math.floor(set / 8)] = 2 ** (set % 8)
        expect(statusBit(bits, asked)).toBe(set === asked)
        expect(statusBit(bits, set)).toBe(true)
      }),
    )
    expect(statusBit(new Uint8Array(STATUS_LIST_SIZE / 8), STATUS_LIST_SIZE)).toBeNull()
  })
})
