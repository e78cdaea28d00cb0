import { describe, expect, it } from 'vitest'
import { byteSize, inWords, percentReached, plural, timeSpan } from '../../../../cli/reports/words.ts'

describe('reasons in words', () => {
  it.each([
    'no_coverage_report',
    'report_of_another_commit',
    'report_without_changed_files',
    'report_does_not_fit_contents',
    'no_changed_executable_lines',
    'coverage_below_threshold',
    'no_history_or_import_graph',
    'too_little_history',
    'coupling_above_threshold',
    'no_code_to_compare',
    'arc_matches',
    'private_matches',
    'secrets_found',
    'rules_not_for_language',
    'sarif_without_successful_run',
    'budget',
    'no_added_lines',
  ])('%s says more than its code', (code) => {
    expect(inWords(code)).not.toBe(code.replaceAll('_', ' '))
    expect(inWords(`${code}: 3`)).toBe(`${inWords(code)}: 3`)
  })

  it('a code of a later version reads as itself', () => {
    expect(inWords('some_new_code: 0.5')).toBe('some new code: 0.5')
  })
})

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1.0 KiB'],
  [1_300_000, '1.2 MiB'],
])('%d is %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text)
})

it('counts in words', () => {
  expect([plural(1, 'commit'), plural(2000, 'commit')]).toEqual(['1 commit', '2,000 commits'])
})

it.each([
  [0.6999, '69.9 %'],
  [0.7, '70 %'],
  [0.57, '57 %'],
  [0.725, '72.5 %'],
  [1, '100 %'],
  [0, '0 %'],
])('%d reaches %s', (fraction, text) => {
  expect(percentReached(fraction)).toBe(text)
})

it.each([
  [0, '0 seconds'],
  [1999, '1 second'],
  [59_999, '59 seconds'],
  [60_000, '1 minute'],
  [3_599_999, '59 minutes'],
  [10_800_000, '3 hours'],
  [86_399_999, '23 hours'],
  [172_800_000, '2 days'],
])('%d ms are %s', (ms, text) => {
  expect(timeSpan(ms)).toBe(text)
})
