import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextAttempt, RETRY_DELAYS_S } from '../../../../core/notifications/schedule.ts'

const at = new Date('2026-11-21T00:00:00.000Z')
const random = (byte: number) => ({ bytes: (count: number) => new Uint8Array(count).fill(byte) })

test('5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, and no more', () => {
  const waits = Array.from({ length: 10 }, (_, i) => nextAttempt(i + 1, at, random(0)))
  expect(waits.map((next) => next && (next.getTime() - at.getTime()) / 1_000)).toEqual([
    5,
    300,
    1_800,
    7_200,
    18_000,
    36_000,
    50_400,
    72_000,
    86_400,
    null,
  ])
  expect(nextAttempt(500, at, random(0))).toBeNull()
})

test('chance adds up to a tenth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(255), (attempts, byte) => {
      const wait = nextAttempt(attempts, at, random(byte))!.getTime() - at.getTime()
      const least = RETRY_DELAYS_S[attempts - 1]! * 1_000
      expect(wait).toBeGreaterThanOrEqual(least)
      expect(wait).toBeLessThanOrEqual(least * 1.1)
    }),
  )
  expect(nextAttempt(1, at, random(255))!.getTime() - at.getTime()).toBe(5_500)
})
