import { describe, expect, it } from 'vitest'
import { isDue } from '../../../stack/cron.ts'

const SATURDAY = '2026-11-21T14:17:00Z'

describe('isDue', () => {
  it.each([
    ['* * * * *', SATURDAY, true],
    ['*/5 * * * *', SATURDAY, false],
    ['*/5 * * * *', '2026-11-21T14:15:59Z', true],
    ['17 * * * *', SATURDAY, true],
    ['18 * * * *', SATURDAY, false],
    ['17 14 21 11 6', SATURDAY, true],
    ['17 14 21 11 5', SATURDAY, false],
    ['10-20 * * * *', SATURDAY, true],
    ['10-16 * * * *', SATURDAY, false],
    ['11-30/3 * * * *', SATURDAY, true],
    ['12-30/3 * * * *', SATURDAY, false],
    ['2/5 * * * *', SATURDAY, true],
    ['0,17,34 * * * *', SATURDAY, true],
    ['0,16,34 * * * *', SATURDAY, false],
  ])('%s at %s: %s', (expression, time, due) => {
    expect(isDue(expression, new Date(time))).toBe(due)
  })

  it.each(['* * * *', '* * * * * *', 'x * * * *', '5- * * * *', '@hourly'])('refuses %s', (expression) => {
    expect(() => isDue(expression, new Date(SATURDAY))).toThrow(TypeError)
  })
})
