import { expect, it } from 'vitest'
import { parseOptions } from '../../../../cli/command.ts'
import { EVIDENCE_OPTIONS, readEvidenceOptions } from '../../../../cli/evidence/options.ts'

const read = (...args: string[]) => readEvidenceOptions(parseOptions(args, EVIDENCE_OPTIONS).values)
const FOUND = { kind: 'found' }

it.each([
  [[], { coverage: FOUND, sarif: FOUND, history: true, ci: 'if_present' }],
  [['--coverage', 'a', '--coverage', 'b'], { coverage: { kind: 'named', files: ['a', 'b'] }, sarif: FOUND }],
  [['--sarif', 'a', '--no-coverage'], { coverage: { kind: 'none' }, sarif: { kind: 'named', files: ['a'] } }],
  [['--no-sarif', '--no-history', '--no-ci'], { sarif: { kind: 'none' }, history: false, ci: 'off' }],
  [['--require-ci'], { ci: 'required' }],
])('%j', (args, options) => {
  expect(read(...args)).toMatchObject(options)
})

it.each([
  [['--coverage', 'a', '--no-coverage'], 'give --coverage or --no-coverage, not both'],
  [['--sarif', 'a', '--no-sarif'], 'give --sarif or --no-sarif, not both'],
  [['--no-ci', '--require-ci'], 'give --no-ci or --require-ci, not both'],
  [Array.from({ length: 21 }, (_, i) => ['--sarif', `${i}`]).flat(), '--sarif can be given 20 times at most'],
])('%j is refused', (args, message) => {
  expect(() => read(...args)).toThrow(message)
})
