import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isKeyName, isNoteText, parseDecimal, parseHash } from '../../../../../core/verify/log/text.ts'

test('a decimal comes back', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(parseDecimal(String(value))).toBe(value)
    }),
  )
  expect(parseDecimal('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
})

test.each([
  '',
  '00',
  '01',
  '-0',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1\n',
  '1.0',
  '1e3',
  '0x1',
  '1_000',
  '١',
  '9007199254740992',
  '9999999999999999',
  '18446744073709551615',
  '1'.repeat(100_000),
])('%j is no decimal', (text) => {
  expect(parseDecimal(text)).toBeNull()
})

test.each(['', 'AA==', 'A'.repeat(44), `${'A'.repeat(42)}B=`, `${'A'.repeat(43)}=\n`, 'A'.repeat(1_000_000)])(
  'no hash: %#',
  (text) => {
    expect(parseHash(text)).toBeNull()
  },
)

test('a hash has 32 bytes', () => {
  expect(parseHash(`${'A'.repeat(43)}=`)).toEqual(new Uint8Array(32))
})

test.each(['a', 'example.com/log', 'größe', '—', 'a\u{1f333}b', '\u007f', '\u200b', '\ufeff'])(
  '%j is a key name',
  (text) => {
    expect(isKeyName(text)).toBe(true)
  },
)

/** All that have the Unicode property White_Space. */
const SPACES = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
  0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]

test.each([
  '',
  'a+b',
  '+',
  'a\u0000',
  'a\u001fb',
  'a\ud800',
  '\udc00',
  ...SPACES.map((code) => `a${String.fromCodePoint(code)}b`),
])('%j is none', (text) => {
  expect(isKeyName(text)).toBe(false)
})

test('of the control characters a note has the newline only', () => {
  const allowed = Array.from({ length: 0x20 }, (_, code) => code).filter((code) =>
    isNoteText(`a${String.fromCharCode(code)}b`),
  )
  expect(allowed).toEqual([0x0a])
  expect(isNoteText('a\ud83cb')).toBe(false)
  expect(isNoteText('a\u{1f333}b\u0085\u007f')).toBe(true)
})
