import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fromBase64,
  fromBase64Url,
  fromHex,
  sha256,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from '../../../../core/verify/encoding.ts'

const anyBytes = fc.uint8Array({ maxLength: 100 })

describe('hex', () => {
  test('is lower case and comes back', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
        expect(fromHex(toHex(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  test.each(['0', 'AB', '0g', ' 00', '00\n', '0x00', '٠٠'])('%j is none', (text) => {
    expect(fromHex(text)).toBeNull()
  })
})

describe('base64 (RFC 4648 §4)', () => {
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('§10: %j is %j', (text, encoded) => {
    expect(toBase64(utf8(text))).toBe(encoded)
    expect(fromBase64(encoded)).toEqual(utf8(text))
  })

  test('comes back, as Node writes it', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(fromBase64(toBase64(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  test.each([
    'Zg',
    'Zg=',
    'Zg===',
    'Zm 8=',
    'Zm8=\n',
    ' Zm8=',
    'Zm8-',
    '====',
    '=',
    'Z===',
    'Zg==Zg==',
    'Zm9v=',
    'Zm9ü',
  ])('%j is none', (text) => {
    expect(fromBase64(text)).toBeNull()
  })

  test.each(['Zh==', 'Zm9=', '//==', '///='])(
    '%j has bits to spare, so that it is a second form of the same bytes',
    (text) => {
      expect(fromBase64(text)).toBeNull()
    },
  )

  test('has one form for any bytes: whatever is taken is what would be written', () => {
    const candidate = fc.string({ unit: fc.constantFrom(...'AZaz09+/=-_g'), maxLength: 8 })
    fc.assert(
      fc.property(candidate, (text) => {
        const bytes = fromBase64(text)
        if (bytes !== null) expect(toBase64(bytes)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('base64url (RFC 4648 §5, unpadded)', () => {
  test('comes back, as Node writes it', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  test.each(['A', 'AAAAA', 'Zg==', 'a+b', 'a/b', 'Zg\n', ' Zg', 'Zé'])('%j is none', (text) => {
    expect(fromBase64Url(text)).toBeNull()
  })

  test.each(['Zh', 'Zm9', '__'])(
    '%j has bits to spare, so that it is a second form of the same bytes',
    (text) => {
      expect(fromBase64Url(text)).toBeNull()
    },
  )
})

test('sha256 is the one of FIPS 180-4', async () => {
  expect(toHex(await sha256(utf8('abc')))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
