import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  generateApiKey,
  HINT_CHARACTERS,
  hashApiKey,
  isWellFormedApiKey,
} from '../../../../core/organisations/api-key.ts'
import { toHex } from '../../../../core/verify/encoding.ts'
import { random } from '../support.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Gives the bytes of `feed`, over and over. */
function feeding(feed: readonly number[]) {
  let at = 0
  return { bytes: (count: number) => Uint8Array.from({ length: count }, () => feed[at++ % feed.length]!) }
}

describe('a generated key', () => {
  test.each([
    [true, /^cr_live_[0-9A-Za-z]{36}$/],
    [false, /^cr_test_[0-9A-Za-z]{36}$/],
  ])('livemode %s has the form %s, and is well formed', (livemode, form) => {
    for (let i = 0; i < 200; i++) {
      const key = generateApiKey(random, livemode)
      expect(key).toMatch(form)
      expect(isWellFormedApiKey(key)).toBe(true)
    }
  })

  test('is never given twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => generateApiKey(random, true))).size).toBe(1_000)
  })

  test("its checksum is zlib's CRC-32 of the secret in base62, six digits", () => {
    for (let i = 0; i < 200; i++) {
      const key = generateApiKey(random, true)
      let value = 0
      for (const digit of key.slice(38)) value = value * 62 + BASE62.indexOf(digit)
      expect(value).toBe(crc32(key.slice(8, 38)))
    }
  })

  test('shows in its hint only four characters of the secret', () => {
    expect(generateApiKey(random, true).slice(0, HINT_CHARACTERS)).toMatch(/^cr_live_.{4}$/)
  })

  test('has every character equally often', () => {
    const counts = new Map<string, number>()
    const keys = 4_000
    for (let i = 0; i < keys; i++) {
      for (const character of generateApiKey(random, true).slice(8, 38))
        counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    const expected = (keys * 30) / 62
    const chiSquare = [...BASE62].reduce(
      (sum, c) => sum + ((counts.get(c) ?? 0) - expected) ** 2 / expected,
      0,
    )
    // 61 degrees of freedom: above 150 less than once in 10^8 runs; taking bytes modulo 62 gives about 1,500.
    expect(chiSquare).toBeLessThan(150)
  })

  test('skips the bytes that would favour some characters', () => {
    expect(generateApiKey(feeding([248, 255, 250, 61]), true).slice(8, 38)).toBe('z'.repeat(30))
    expect(generateApiKey(feeding([247, 0, 62, 124]), true).slice(8, 12)).toBe('z000')
  })
})

describe('a key with a typing error', () => {
  const key = generateApiKey(random, true)

  test('in one character is not well formed', () => {
    for (let at = 8; at < key.length; at++) {
      for (const character of BASE62) {
        if (character === key[at]) continue
        expect(isWellFormedApiKey(key.slice(0, at) + character + key.slice(at + 1)), `at ${at}`).toBe(false)
      }
    }
  })

  test('of two neighbours swapped is not well formed', () => {
    for (let at = 8; at + 1 < key.length; at++) {
      if (key[at] === key[at + 1]) continue
      expect(isWellFormedApiKey(key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2))).toBe(false)
    }
  })

  test.each([
    '',
    key.slice(0, -1),
    `${key}0`,
    ` ${key}`,
    `${key}\n`,
    key.toUpperCase(),
    key.replace('live', 'demo'),
    key.replace('cr_', 'sk_'),
    key.replace('_', '-'),
    `${key.slice(0, 20)}é${key.slice(21)}`,
  ])('%j is not well formed', (text) => {
    expect(isWellFormedApiKey(text)).toBe(false)
  })

  test('made up of anything is not well formed', () => {
    const made = fc.string({ unit: fc.constantFrom(...BASE62), minLength: 36, maxLength: 36 })
    fc.assert(
      fc.property(made, (text) => {
        expect(isWellFormedApiKey(`cr_live_${text}`)).toBe(false)
      }),
    )
  })
})

test('is stored as its SHA-256', async () => {
  expect(toHex(await hashApiKey('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
