import { describe, expect, test } from 'vitest'
import { type CheckOutcome, failed, indeterminate, PASSED } from '../../../../core/verify/examine.ts'
import { decide, type StatusEvidence } from '../../../../core/verify/verdict.ts'
import type { SignedCertificate } from '../../../../schema/wire/certificate.ts'
import { makeCertificate } from './fixtures.ts'

const NOW = Date.parse('2026-11-25T12:00:00.000Z')
const STALENESS_MS = 300_000
const POLICY = { maximumStalenessMs: STALENESS_MS }
const at = (offsetMs: number) => new Date(NOW + offsetMs).toISOString()
const evidence = (revoked: boolean, ageMs: number): StatusEvidence => ({
  revoked,
  asOf: NOW - ageMs,
  source: 'core',
})

type Result = CheckOutcome['result']
interface Row<Value> {
  readonly name: string
  readonly value: Value
  readonly result: Result
  readonly reason: string | null
}
const row = <Value>(name: string, value: Value, result: Result, reason: string | null): Row<Value> => ({
  name,
  value,
  result,
  reason,
})

const SIGNATURE: Row<CheckOutcome>[] = [
  row('signature holds', PASSED, 'passed', null),
  row('signature wrong', failed('signature_invalid'), 'failed', 'signature_invalid'),
  row('no trust root', indeterminate('trust_root_unavailable'), 'indeterminate', 'trust_root_unavailable'),
]
const KEY: Row<CheckOutcome>[] = [
  row('key valid', PASSED, 'passed', null),
  row('key compromised', failed('key_compromised'), 'failed', 'key_compromised'),
  row('key undecided', indeterminate('trust_root_unavailable'), 'indeterminate', 'trust_root_unavailable'),
]
const LIFE: Row<SignedCertificate | null>[] = [
  row('in its lifetime', lived(-1, 1), 'passed', null),
  row('expires in a millisecond', lived(-1000, 1), 'passed', null),
  row('expires now', lived(-1000, 0), 'failed', 'expired'),
  row('expired', lived(-1000, -1), 'failed', 'expired'),
  row('issued a minute ahead of this clock', lived(60_000, 90_000), 'passed', null),
  row('issued further ahead', lived(60_001, 90_000), 'failed', 'not_yet_valid'),
  row('no certificate', null, 'indeterminate', 'malformed'),
]
const STATUS: Row<StatusEvidence | null>[] = [
  row('fresh', evidence(false, 0), 'passed', null),
  row('as old as may be', evidence(false, STALENESS_MS), 'passed', null),
  row('too old', evidence(false, STALENESS_MS + 1), 'indeterminate', 'status_stale'),
  row('revoked', evidence(true, 0), 'failed', 'revoked'),
  row('revoked long ago', evidence(true, 10 * STALENESS_MS), 'failed', 'revoked'),
  row('unknown', null, 'indeterminate', 'status_unavailable'),
]

const ALL = SIGNATURE.flatMap((signature) =>
  KEY.flatMap((key) => LIFE.flatMap((life) => STATUS.map((status) => ({ signature, key, life, status })))),
)

function lived(issuedMs: number, expiresMs: number): SignedCertificate {
  return makeCertificate({ issued_at: at(issuedMs), expires_at: at(expiresMs) })
}

function decideRow({ signature, key, life, status }: (typeof ALL)[number]) {
  const examined = { certificate: life.value, signature: signature.value, keyValidity: key.value }
  return decide(examined, status.value, NOW, POLICY)
}

describe(`every one of the ${ALL.length} cases`, () => {
  test('is invalid if a check failed, else indeterminate if one was not decided, else valid', () => {
    for (const one of ALL) {
      const results = [one.signature, one.key, one.life, one.status].map(({ result }) => result)
      const expected = results.includes('failed')
        ? 'invalid'
        : results.includes('indeterminate')
          ? 'indeterminate'
          : 'valid'
      expect(decideRow(one).verdict, describeRow(one)).toBe(expected)
    }
  })

  test('says why, each reason once and in the order of the checks', () => {
    for (const one of ALL) {
      const reasons = [one.signature, one.key, one.life, one.status].flatMap(({ reason }) => reason ?? [])
      expect(decideRow(one).reasons, describeRow(one)).toEqual([...new Set(reasons)])
    }
  })

  test('names each check and what came of it', () => {
    for (const one of ALL) {
      const { checks } = decideRow(one)
      const expected = ([one.signature, one.key, one.life, one.status] as Row<unknown>[]).map(
        ({ result, reason }) => ({ result, reason }),
      )
      expect([checks.signature, checks.key_validity, checks.expiry, checks.status], describeRow(one)).toEqual(
        expected,
      )
    }
  })

  test('has the status valid exactly if the verdict is', () => {
    for (const one of ALL) {
      const { verdict, status } = decideRow(one)
      expect(status === 'valid', describeRow(one)).toBe(verdict === 'valid')
    }
  })

  test('is valid in these alone', () => {
    expect(ALL.filter((one) => decideRow(one).verdict === 'valid').map(describeRow)).toEqual([
      'signature holds, key valid, in its lifetime, fresh',
      'signature holds, key valid, in its lifetime, as old as may be',
      'signature holds, key valid, expires in a millisecond, fresh',
      'signature holds, key valid, expires in a millisecond, as old as may be',
      'signature holds, key valid, issued a minute ahead of this clock, fresh',
      'signature holds, key valid, issued a minute ahead of this clock, as old as may be',
    ])
  })
})

test.each([
  ['revoked', LIFE[0]!, STATUS[3]!, 'revoked'],
  ['revoked, then expired', LIFE[3]!, STATUS[3]!, 'revoked'],
  ['expired', LIFE[3]!, STATUS[0]!, 'expired'],
  ['expired, its status stale', LIFE[3]!, STATUS[2]!, 'expired'],
  ['stale', LIFE[0]!, STATUS[2]!, 'unknown'],
  ['unknown', LIFE[0]!, STATUS[5]!, 'unknown'],
] as const)('a genuine certificate that is %s', (_, life, status, expected) => {
  expect(decideRow({ signature: SIGNATURE[0]!, key: KEY[0]!, life, status }).status).toBe(expected)
})

describe('what is not a number decides nothing', () => {
  const genuine = { certificate: lived(-1, 1), signature: PASSED, keyValidity: PASSED }

  test('a time of the status that is none', () => {
    const { verdict, reasons } = decide(genuine, evidence(false, Number.NaN), NOW, POLICY)
    expect([verdict, reasons]).toEqual(['indeterminate', ['status_stale']])
  })

  test('a limit that is none, as from a variable that was mistyped', () => {
    const { verdict, reasons } = decide(genuine, evidence(false, 0), NOW, { maximumStalenessMs: Number.NaN })
    expect([verdict, reasons]).toEqual(['indeterminate', ['status_stale']])
  })
})

function describeRow({ signature, key, life, status }: (typeof ALL)[number]): string {
  return [signature, key, life, status].map(({ name }) => name).join(', ')
}
