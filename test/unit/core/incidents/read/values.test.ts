import { describe, expect, test } from 'vitest'
import {
  notAfter,
  readCommit,
  readPaths,
  readRelease,
  readTime,
  readTitle,
  readUrl,
} from '../../../../../core/incidents/read/values.ts'

const SHA = '0123456789abcdef0123456789abcdef01234567'
const SHA256 = SHA + SHA.slice(0, 24)

test.each<[unknown, string | null]>([
  ['2019-08-19T21:06:17.677000Z', '2019-08-19T21:06:17.677Z'],
  ['2019-08-19T21:06:17Z', '2019-08-19T21:06:17.000Z'],
  ['2019-08-19T21:06:17+02:00', '2019-08-19T19:06:17.000Z'],
  ['2019-08-19T21:06:17.677', '2019-08-19T21:06:17.677Z'],
  ['2019-08-19 21:06:17', '2019-08-19T21:06:17.000Z'],
  ['1969-12-31T23:59:59Z', null],
  ['+275760-01-01T00:00:00Z', null],
  ['2019-13-19T21:06:17Z', null],
  ['2019-08-19', null],
  ['yesterday', null],
  [1_566_248_777, null],
  [null, null],
])('the time %j is %s', (value, expected) => {
  expect(readTime(value)?.toISOString() ?? null).toBe(expected)
})

test('nothing happened after it was received', () => {
  const [early, late] = [new Date(1), new Date(2)]
  expect(notAfter(late, early)).toBe(early)
  expect(notAfter(early, late)).toBe(early)
})

test.each<[unknown, string | null]>([
  [SHA, SHA],
  [SHA.toUpperCase(), SHA],
  [SHA256, SHA256],
  [SHA.slice(1), null],
  [`${SHA}0`, null],
  [`${SHA}\n`, null],
  [1, null],
])('the commit %j is %s', (value, expected) => {
  expect(readCommit(value)).toBe(expected)
})

test.each<[unknown, string | null]>([
  [SHA, SHA],
  [`shop@${SHA}`, SHA],
  [`shop@1.2.3+${SHA.toUpperCase()}`, SHA],
  ['shop@1.2.3', null],
  [`shop-${SHA}`, null],
  [SHA.slice(0, 12), null],
  [`${'@'.repeat(300)}${SHA}`, null],
  [null, null],
])('the release %j names %s', (value, expected) => {
  expect(readRelease(value)).toBe(expected)
})

test.each<[unknown, string | null]>([
  ['It is down', 'It is down'],
  [' a\u0000b\u202ec\n', 'a b c'],
  ['\ud800', '\ufffd'],
  ['   ', null],
  ['', null],
  [{}, null],
])('the title %j is %j', (value, expected) => {
  expect(readTitle(value)).toBe(expected)
})

test('a title is cut, and stays well-formed', () => {
  const title = readTitle(`${'x'.repeat(299)}\u{1f4a5}`)!
  expect(title.length).toBeLessThanOrEqual(300)
  expect(title.isWellFormed()).toBe(true)
})

test.each<[unknown, string | null]>([
  ['https://sentry.io/a?b=c', 'https://sentry.io/a?b=c'],
  ['http://sentry.io/', null],
  ['javascript:alert(1)', null],
  ['https://user:secret@sentry.io/', null],
  [`https://sentry.io/${'a'.repeat(1_000)}`, null],
  ['//sentry.io', null],
  [7, null],
])('the link %j is %j', (value, expected) => {
  expect(readUrl(value)).toBe(expected)
})

describe('paths', () => {
  test('are sorted, each once, without what is none', () => {
    const given = [
      'b.ts',
      'a.ts',
      'b.ts',
      '<anonymous>',
      '',
      'x\u0000y',
      'a\u202eb',
      '\ud800',
      'p'.repeat(513),
      5,
      null,
    ]
    expect(readPaths(given)).toEqual(['a.ts', 'b.ts'])
  })

  test('are a hundred at most', () => {
    expect(readPaths(Array.from({ length: 300 }, (_, i) => `${i}.ts`))).toHaveLength(100)
  })
})
