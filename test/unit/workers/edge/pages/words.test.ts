import { expect, test } from 'vitest'
import { codeWords } from '../../../../../workers/edge/pages/words.ts'

test.each([
  ['no_added_lines', 'No line was added, so there was nothing to search'],
  ['scope_secrets_only', 'Only secrets were searched for'],
  ['secrets_found: 2', 'Secrets found (2)'],
  ['a_newer_code: 1: 2', 'A newer code (1: 2)'],
  ['constructor', 'Constructor'],
  ['', ''],
])('the code %j reads %j', (code, words) => {
  expect(codeWords(code)).toBe(words)
})
