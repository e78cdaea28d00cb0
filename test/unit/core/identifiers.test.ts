import { expect, test } from 'vitest'
import { randomIdentifier } from '../../../core/identifiers.ts'
import { CERTIFICATE_ID_PATTERN } from '../../../schema/wire/vocabulary.ts'
import { random } from './support.ts'

test("has the characters of Crockford's base32 in lower case, each five bits, and nothing of a byte's other three", () => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  const counting = (offset: number) => ({
    bytes: (count: number) => Uint8Array.from({ length: count }, (_, i) => offset + i),
  })
  expect(randomIdentifier(counting(0)) + randomIdentifier(counting(16))).toBe(alphabet)
  expect(randomIdentifier(counting(224)) + randomIdentifier(counting(240))).toBe(alphabet)
})

test('asks for sixteen bytes, once', () => {
  const asked: number[] = []
  randomIdentifier({
    bytes: (count) => {
      asked.push(count)
      return new Uint8Array(count)
    },
  })
  expect(asked).toEqual([16])
})

test('is part of a certificate id that the wire takes, and never the same twice', () => {
  const ids = Array.from({ length: 2_000 }, () => randomIdentifier(random))
  for (const id of ids) expect(`CERT-2026-${id}`).toMatch(CERTIFICATE_ID_PATTERN)
  expect(new Set(ids).size).toBe(ids.length)
})

test('every character is equally likely', () => {
  const counts = new Map<string, number>()
  const total = 8_000 * 16
  for (let i = 0; i < 8_000; i++) {
    for (const character of randomIdentifier(random)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const expected = total / 32
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  expect(counts.size).toBe(32)
  // 31 degrees of freedom: above 100 less than once in 10^8 runs.
  expect(chiSquare).toBeLessThan(100)
})
