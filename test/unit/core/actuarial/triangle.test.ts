import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildTriangle, monthName, monthNumber, monthStart } from '../../../../core/actuarial/triangle.ts'

const september = monthNumber('2026-09')

describe('months', () => {
  test('are counted over the turn of a year', () => {
    expect(monthNumber('2027-01') - monthNumber('2026-12')).toBe(1)
    expect(monthName(september + 4)).toBe('2027-01')
    expect(monthStart(september + 4).toISOString()).toBe('2027-01-01T00:00:00.000Z')
  })

  test('keep their names', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000 * 12, max: 2100 * 12 - 1 }), (month) => {
        expect(monthNumber(monthName(month))).toBe(month)
        expect(monthStart(month).toISOString().slice(0, 7)).toBe(monthName(month))
      }),
    )
  })
})

describe('a triangle', () => {
  test('adds up what happened, by month of binding and of development', () => {
    const { origins, rows } = buildTriangle(
      [
        { origin: september, age: 0, amount: 5n },
        { origin: september, age: 2, amount: 7n },
        { origin: september, age: 2, amount: -3n },
        { origin: september + 1, age: 1, amount: 11n },
        { origin: september - 1, age: 0, amount: 1_000n },
        { origin: september + 1, age: 2, amount: 1_000n },
        { origin: september + 3, age: 0, amount: 1_000n },
      ],
      { from: september, to: september + 2 },
    )
    expect(origins.map(monthName)).toEqual(['2026-09', '2026-10', '2026-11'])
    expect(rows).toEqual([[5n, 5n, 9n], [0n, 11n], [0n]])
  })

  test('takes what was dated before the binding for the first month', () => {
    const moved = [{ origin: september, age: -1, amount: 4n }]
    expect(buildTriangle(moved, { from: september, to: september }).rows).toEqual([[4n]])
  })

  test('is empty when its months are turned about', () => {
    expect(buildTriangle([], { from: september, to: september - 1 })).toEqual({ origins: [], rows: [] })
  })

  test('ends in the sum of all that is in it', () => {
    const movement = fc.record({
      origin: fc.integer({ min: september, max: september + 5 }),
      age: fc.integer({ min: 0, max: 5 }),
      amount: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    })
    fc.assert(
      fc.property(fc.array(movement), (movements) => {
        const { rows } = buildTriangle(movements, { from: september, to: september + 5 })
        const inside = movements.filter(({ origin, age }) => origin + age <= september + 5)
        const total = inside.reduce((sum, { amount }) => sum + amount, 0n)
        expect(rows.reduce((sum, row) => sum + row.at(-1)!, 0n)).toBe(total)
      }),
    )
  })
})
