import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePosition, encodePosition } from '../../../core/paging.ts'
import { Refusal } from '../../../core/refusal.ts'

test('a cursor leads back to its position', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (position) => {
      expect(decodePosition(encodePosition(position))).toBe(position)
    }),
  )
})

test('what is no cursor is refused, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: 'binary' })), (text) => {
      try {
        expect(encodePosition(decodePosition(text)).length).toBeLessThanOrEqual(28)
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal)
        expect((error as Refusal).code).toBe('invalid_cursor')
      }
    }),
  )
})

test.each([
  '',
  'p1',
  'cDE=',
  Buffer.from('p-1').toString('base64url'),
  Buffer.from('p1 ').toString('base64url'),
])('%j is refused', (cursor) => {
  expect(() => decodePosition(cursor)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }))
})
