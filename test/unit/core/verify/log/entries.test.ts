import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeEntries, encodeEntries, MAX_ENTRY_BYTES } from '../../../../../core/verify/log/entries.ts'

const anyEntries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 })

describe('an entry bundle', () => {
  test('is each entry after its length in two bytes, the higher first', () => {
    const long = new Uint8Array(258).fill(7)
    const bundle = encodeEntries([new Uint8Array([1, 2, 3]), new Uint8Array(), long])
    expect(bundle).toEqual(new Uint8Array([0, 3, 1, 2, 3, 0, 0, 1, 2, ...long]))
  })

  test('comes back', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        expect(decodeEntries(encodeEntries(entries))).toEqual(entries.map((entry) => new Uint8Array(entry)))
      }),
    )
  })

  test('comes back from the middle of a buffer, as copies', () => {
    const bundle = encodeEntries([new Uint8Array([5])])
    const buffer = new Uint8Array([9, 9, ...bundle, 9])
    const entries = decodeEntries(buffer.subarray(2, 5))
    buffer.fill(0)
    expect(entries).toEqual([new Uint8Array([5])])
  })

  test('whatever is read is written the same way', () => {
    const small = fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 1, 2, 3), fc.nat(255)), { maxLength: 40 })
    fc.assert(
      fc.property(small, (bytes) => {
        const entries = decodeEntries(new Uint8Array(bytes))
        if (entries !== null) expect(encodeEntries(entries)).toEqual(new Uint8Array(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  test('with one byte cut off or added is none', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const bundle = encodeEntries(entries)
        expect(decodeEntries(bundle.slice(0, -1))).toBeNull()
        expect(decodeEntries(new Uint8Array([...bundle, 0]))).toBeNull()
      }),
    )
  })

  test('with one other byte is another or none', () => {
    fc.assert(
      fc.property(anyEntries, fc.nat(), fc.integer({ min: 1, max: 255 }), (entries, at, turn) => {
        const bundle = encodeEntries(entries)
        bundle[at % bundle.length]! ^= turn
        expect(decodeEntries(bundle)).not.toEqual(entries.map((entry) => new Uint8Array(entry)))
      }),
    )
  })

  test.each([
    ['nothing', []],
    ['half a length', [0]],
    ['a length without its entry', [0, 1]],
    ['a length that is too much', [0, 2, 1]],
    ['a length in the wrong order', [1, 0, 1]],
    ['half a length after an entry', [0, 1, 1, 0]],
    ['257 entries', new Array(514).fill(0)],
  ])('%s is none', (_, bytes) => {
    expect(decodeEntries(new Uint8Array(bytes))).toBeNull()
  })

  test('has 256 entries at most, of 65,535 bytes at most', () => {
    const longest = new Uint8Array(MAX_ENTRY_BYTES)
    expect(decodeEntries(encodeEntries([longest]))).toEqual([longest])
    expect(decodeEntries(encodeEntries(new Array(256).fill(new Uint8Array())))).toHaveLength(256)
    expect(() => encodeEntries([new Uint8Array(MAX_ENTRY_BYTES + 1)])).toThrow(RangeError)
    expect(() => encodeEntries(new Array(257).fill(new Uint8Array()))).toThrow(RangeError)
    expect(() => encodeEntries([])).toThrow(RangeError)
  })
})
