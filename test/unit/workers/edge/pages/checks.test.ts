import { expect, test } from 'vitest'
import type { Verification } from '../../../../../schema/wire/verification.ts'
import { certificatePage } from '../../../../../workers/edge/pages/index.ts'
import { certificate, SITE, textOf, verification } from './fixtures.ts'

type Checks = Verification['checks']

/** What the page says that the network answered, in the words that are read. */
function answered(checks: Partial<Checks>): string {
  const one = verification()
  const { html } = certificatePage(SITE, {
    certificate: certificate(),
    verification: { ...one, checks: { ...one.checks, ...checks } },
  })
  const text = textOf(html)
  return text.slice(text.indexOf('What the network answered'), text.indexOf('Revocation status:'))
}

const passed = { result: 'passed', reason: null } as const
const skipped = (reason: string) => ({ result: 'not_evaluated', reason }) as const

test.each<[string, Partial<Checks>, string]>([
  ['nobody looked', {}, 'Log: not asked This answer did not look into the log.'],
  [
    'it is there, without witnesses',
    { log: passed, witnesses: skipped('no_witnesses_required') },
    'Log: has its issue Witnesses: not asked The network asks for no witnesses.',
  ],
  [
    'it is there, with witnesses',
    { log: passed, witnesses: passed },
    'Log: has its issue Witnesses: have seen the log',
  ],
  [
    'too few witnesses',
    { log: passed, witnesses: { result: 'failed', reason: 'witness_quorum_missing' } },
    'Witnesses: too few Fewer witnesses have seen the log',
  ],
  [
    'the proof does not hold',
    { log: { result: 'failed', reason: 'log_proof_invalid' } },
    'Log: proof does not hold The proof does not show',
  ],
])('of the log it says what was found: %s', (_, checks, expected) => {
  expect(answered(checks).replaceAll(/\s+/g, ' ')).toContain(expected)
})

test('what nobody looked into is said once', () => {
  expect(answered({})).not.toContain('Witnesses')
})
