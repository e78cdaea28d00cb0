import fc from 'fast-check'
import { expect, test } from 'vitest'
import { preferredWait } from '../../../../workers/core/prefer.ts'

test.each<[string | undefined, number | null]>([
  [undefined, null],
  ['', null],
  ['wait=10', 10],
  ['wait=0', 0],
  ['Wait = 5', 5],
  ['wait="7"', 7],
  ['respond-async, wait=100', 100],
  ['return=minimal; foo="a, wait=3", wait=4', 4],
  ['foo="a \\" , wait=3", wait=4', 4],
  ['wait=5, wait=9', 5],
  ['wait=5; x=y', 5],
  ['handling=lenient', null],
  ['wait', null],
  ['wait=', null],
  ['wait=-1', null],
  ['wait=1.5', null],
  ['wait=1e3', null],
  ['wait=9999999999', null],
  ['await=10', null],
  ['x-wait=10', null],
  ['wait=10 seconds', null],
  ['"wait=10"', null],
  ['foo="wait=10', null],
  [',wait=10', null],
  [`${'x'.repeat(2_000)}, wait=1`, null],
])('Prefer: %s', (header, expected) => {
  expect(preferredWait(header)).toBe(expected)
})

test('takes anything, in no time, and finds nothing but whole seconds', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^[waitWAIT=";, \\0-9]*$/), fc.string({ maxLength: 1_100 })),
      (header) => {
        const wait = preferredWait(header)
        expect(wait === null || (Number.isSafeInteger(wait) && wait >= 0)).toBe(true)
      },
    ),
  )
})

test('reads back every wait that is written as it should be', () => {
  const others = fc.constantFrom('respond-async', 'return=minimal', 'handling="strict"', 'x="a,b;c"; y=z')
  fc.assert(
    fc.property(fc.array(others), fc.nat(999_999_999), fc.array(others), (before, wait, after) => {
      expect(preferredWait([...before, `wait=${wait}`, ...after].join(', '))).toBe(wait)
    }),
  )
})
