import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFix } from '../../../../../core/analysis/risk/fix.ts'

describe('corrections', () => {
  test.each([
    'fix: clock skew in token expiry',
    'Fixes #12',
    'fixed a typo',
    'Fixing the build',
    'FIX',
    'bugfix for login',
    'Hotfix',
    'hot-fix',
    'fixup! area: imperative',
    'Bug 4711 - editor loses focus',
    'BUG4711 editor loses focus',
    'Closes-Bug: #1234567',
    'fix_login',
    'two bugs in the parser',
    'a defect in rounding',
    'patch the resolver',
    'Patched',
    'wrong offset',
    'off-by-one error',
    'errors are swallowed',
    'fails on empty input',
    'Failure of the pool',
    'a problem with quotes',
    'title\n\nThis corrects the bug of yesterday.',
    '(fix)',
  ])('%j', (message) => {
    expect(isFix(message)).toBe(true)
  })
})

describe('no corrections', () => {
  test.each([
    '',
    'add the prefix',
    'test fixture',
    'fixtures for the parser',
    'suffix tree',
    'affix',
    'debug output',
    'debugging',
    'remove debugger statements',
    'bugle',
    'dispatch events',
    'patchwork',
    'terrorise',
    'wrongdoing',
    'failover',
    'unfailing',
    'problematic',
    'fixation',
    'éfix',
    'fixé',
    'refactor: split the module',
  ])('%j', (message) => {
    expect(isFix(message)).toBe(false)
  })
})

test('a message is searched in one pass, however long and repetitive', () => {
  for (const word of ['fi', 'fix', 'bugfixe', 'error', 'fail', 'patche']) {
    expect(isFix(`${word}x`.repeat(200_000))).toBe(false)
    expect(isFix(`${`${word}x`.repeat(200_000)} bug`)).toBe(true)
  }
})

test('any text has an answer, and a corrective word anywhere between spaces decides it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      expect(typeof isFix(before)).toBe('boolean')
      expect(isFix(`${before} fix ${after}`)).toBe(true)
    }),
  )
})
