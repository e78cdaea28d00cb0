import { expect, test } from 'vitest'
import { codeWords, contributionWords } from '../../../../../workers/edge/pages/words.ts'

test.each([
  ['no_added_lines', 'No line was added, so there was nothing to search'],
  ['scope_secrets_only', 'Only secrets were searched for'],
  ['secrets_found: 2', 'Secrets (2)'],
  ['coverage_below_threshold: 0.61', 'Below the target (0.61)'],
  ['a_newer_code: 1: 2', 'A newer code (1: 2)'],
  ['constructor', 'Constructor'],
  ['', ''],
])('the code %j reads %j', (code, words) => {
  expect(codeWords(code)).toBe(words)
})

test.each([
  ['change_risk', 'Size, spread and purpose of the change'],
  ['budget', 'The change was too large or too deeply nested to look at all of it'],
  ['a_newer_code', 'A newer code'],
])('the part of the score %j reads %j', (code, words) => {
  expect(contributionWords(code)).toBe(words)
})
