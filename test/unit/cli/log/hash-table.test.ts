import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HashTable } from '../../../../cli/log/hash-table.ts'
import { hashLeaf, utf8 } from '../../../../core/verify/index.ts'

it('finds each hash by its value, and only what was put in', () => {
  const table = new HashTable()
  const hashes = Array.from({ length: 5000 }, (_, i) => hashLeaf(utf8(`${i}`)))
  for (const [i, hash] of hashes.entries()) expect(table.add(i * 100, hash)).toBeNull()
  for (const [i, hash] of hashes.entries()) expect(table.find(hash)).toBe(i * 100)
  for (const [i, hash] of hashes.entries()) expect(table.add(1, hash)).toBe(i * 100)
  expect(table.find(hashLeaf(utf8('another')))).toBeNull()
})

it('is as a map is, for hashes that begin alike too', () => {
  const hash = fc.tuple(fc.constantFrom(0, 1, 255), fc.nat(7)).map(([first, last]) => {
    const bytes = new Uint8Array(32)
    bytes[0] = first
    bytes[31] = last
    return bytes
  })
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 200 }), (hashes) => {
      const table = new HashTable()
      const map = new Map<string, number>()
      for (const [i, bytes] of hashes.entries()) {
        const name = bytes.join()
        expect(table.add(i, bytes)).toBe(map.get(name) ?? null)
        if (!map.has(name)) map.set(name, i)
        expect(table.find(bytes)).toBe(map.get(name))
      }
    }),
  )
})

it('refuses what it has no place for', () => {
  const table = new HashTable()
  expect(() => table.add(2 ** 32, new Uint8Array(32))).toThrow(RangeError)
  expect(() => table.add(0, new Uint8Array(31))).toThrow(RangeError)
})
