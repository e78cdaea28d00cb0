import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findJsonError } from '../../../../../core/analysis/coverage/json-error.ts'

test.each<[string, number | null]>([
  ['{"a":[1,-2.5e+3,true,false,null,"\\u00e9\\n",{},[]]}', null],
  [' 0 ', null],
  ['', 0],
  ['  ', 2],
  ['{"a":1', 6],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['{"a":1 "b":2}', 7],
  ['[1,]', 3],
  ['[1 2]', 3],
  ['[01]', 1],
  ['[1.]', 1],
  ['[+1]', 1],
  ['[tru]', 1],
  ['[truex]', 1],
  ["['a']", 1],
  ['["a\tb"]', 1],
  ['["\\x"]', 1],
  ['["a]', 1],
  ['[1}', 2],
  ['{]', 1],
  ['{1:2}', 1],
  ['1 2', 2],
  ['[]]', 2],
  ['\u00a01', 0],
])('%j', (text, expected) => {
  expect(findJsonError(text)).toBe(expected)
})

test('there is an error exactly where JSON.parse finds one', () => {
  const damaged = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '"', '}', ']', '1', '\\', '-', ' ', 'e', ':'),
      fc.nat(2),
    )
    .map(([json, at, insert, remove]) => {
      const from = at % (json.length + 1)
      return json.slice(0, from) + insert + json.slice(from + remove)
    })
  fc.assert(
    fc.property(fc.oneof(damaged, fc.json(), fc.string({ maxLength: 20 })), (text) => {
      expect(findJsonError(text) === null).toBe(parses(text))
    }),
    { numRuns: 3_000 },
  )
})

test('neither depth nor length matters', () => {
  expect(findJsonError('['.repeat(300_000))).toBe(300_000)
  expect(findJsonError(`"${'\\\\'.repeat(2_500_000)}`)).toBe(0)
  expect(findJsonError(`["${'a'.repeat(5_000_000)}"}`)).toBe(5_000_003)
  expect(findJsonError('1'.repeat(5_000_000))).toBe(null)
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
