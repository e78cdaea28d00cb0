import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../core/context.ts'
import { logPlace } from '../../../../core/log/place.ts'

/** A database that has one answer, and notes what it is asked. */
function contextWith(place: unknown) {
  const asked: unknown[] = []
  const direct = async (statement: unknown) => {
    asked.push(statement)
    return [{ place }]
  }
  return { ctx: { database: { direct } } as unknown as Context, asked }
}

describe('the place of an entry', () => {
  test.each([
    ['0', 0],
    ['1234067', 1_234_067],
    [7, 7],
    [null, null],
  ])('is %j in the database: %j', async (place, expected) => {
    expect(await logPlace(contextWith(place).ctx, 'ab'.repeat(32))).toBe(expected)
  })

  test.each(['', 'ab', 'AB'.repeat(32), 'ab'.repeat(33), `${'ab'.repeat(31)}zz`, "' OR true --"])(
    'is none for %j, and nothing is asked',
    async (leafHash) => {
      const { ctx, asked } = contextWith('1')
      expect(await logPlace(ctx, leafHash)).toBeNull()
      expect(asked).toEqual([])
    },
  )
})
