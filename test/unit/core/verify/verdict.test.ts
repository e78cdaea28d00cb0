import { describe, expect, test } from 'vitest'
import {
  type CheckOutcome,
  failed,
  indeterminate,
  notEvaluated,
  PASSED,
} from '../../../../core/verify/checks.ts'
import type { CodeEvidence } from '../../../../core/verify/code-evidence.ts'
import type { Examined } from '../../../../core/verify/examine.ts'
import { LOG_NOT_ASKED, type LogEvidence } from '../../../../core/verify/log-evidence.ts'
import {
  decide,
  type Evidence,
  OFFLINE_POLICY,
  type StatusEvidence,
} from '../../../../core/verify/verdict.ts'
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

const inLog = (log: CheckOutcome, witnesses: CheckOutcome, index: number | null = null): LogEvidence => ({
  log,
  witnesses,
  index,
})
const LOG: (Row<LogEvidence> & { witnesses: CheckOutcome })[] = [
  logRow('log not asked', LOG_NOT_ASKED),
  logRow('in the log, witnessed', inLog(PASSED, PASSED, 5)),
  logRow('in the log, unwitnessed', inLog(PASSED, notEvaluated('witness_quorum_missing'), 5)),
  logRow('in the log, witnesses missing', inLog(PASSED, failed('witness_quorum_missing'), 5)),
  logRow('proof wrong', inLog(failed('log_proof_invalid'), indeterminate('log_proof_invalid'))),
]
const CODE: Row<CodeEvidence | undefined>[] = [
  row('no code', undefined, 'passed', null),
  row('the code', { outcome: PASSED, computed: null }, 'passed', null),
  row(
    'other code',
    { outcome: failed('code_hash_mismatch'), computed: null },
    'failed',
    'code_hash_mismatch',
  ),
]

const ALL = SIGNATURE.flatMap((signature) =>
  KEY.flatMap((key) =>
    LIFE.flatMap((life) =>
      STATUS.flatMap((status) =>
        LOG.flatMap((log) => CODE.map((code) => ({ signature, key, life, status, log, code }))),
      ),
    ),
  ),
)

function logRow(name: string, value: LogEvidence) {
  return { ...row(name, value, value.log.result, value.log.reason), witnesses: value.witnesses }
}

function lived(issuedMs: number, expiresMs: number): SignedCertificate {
  return makeCertificate({ issued_at: at(issuedMs), expires_at: at(expiresMs) })
}

function decideRow({ signature, key, life, status, log, code }: (typeof ALL)[number]) {
  const examined = genuine({ certificate: life.value, signature: signature.value, keyValidity: key.value })
  return decide(examined, { status: status.value, log: log.value, code: code.value }, NOW, POLICY)
}

/** The outcomes of a row, in the order of the checks. */
function outcomesOf({ signature, key, life, status, log, code }: (typeof ALL)[number]): CheckOutcome[] {
  // Without a certificate its period repeats why there is none.
  const unread = life.value === null ? { ...life, reason: signature.reason ?? life.reason } : life
  const outcomes = [signature, key, unread, status, log, log.witnesses, ...(code.value ? [code] : [])]
  return outcomes.map(({ result, reason }) => ({ result, reason }) as CheckOutcome)
}

const weighs = ({ result }: CheckOutcome) => result === 'failed' || result === 'indeterminate'

describe(`every one of the ${ALL.length} cases`, () => {
  test('is invalid if a check failed, else indeterminate if one was not decided, else valid', () => {
    for (const one of ALL) {
      const results = outcomesOf(one).map(({ result }) => result)
      const expected = results.includes('failed')
        ? 'invalid'
        : results.includes('indeterminate')
          ? 'indeterminate'
          : 'valid'
      if (decideRow(one).verdict !== expected) expect.fail(`${describeRow(one)}: not ${expected}`)
    }
  })

  test('says why, each reason once and in the order of the checks, but for what does not weigh', () => {
    for (const one of ALL) {
      const reasons = new Set(
        outcomesOf(one)
          .filter(weighs)
          .map(({ reason }) => reason),
      )
      if (decideRow(one).reasons.join() !== [...reasons].join()) {
        expect(decideRow(one).reasons, describeRow(one)).toEqual([...reasons])
      }
    }
  })

  test('names each check and what came of it', () => {
    for (const one of ALL) {
      const { signature, key_validity, expiry, status, log, witnesses, code_hash } = decideRow(one).checks
      const all = [signature, key_validity, expiry, status, log, witnesses, ...(code_hash ? [code_hash] : [])]
      const told = ({ result, reason }: CheckOutcome) => `${result} ${reason}`
      if (all.map(told).join() !== outcomesOf(one).map(told).join()) {
        expect(all, describeRow(one)).toEqual(outcomesOf(one))
      }
    }
  })

  test('has the status valid exactly if the verdict is', () => {
    for (const one of ALL) {
      const { verdict, status } = decideRow(one)
      if ((status === 'valid') !== (verdict === 'valid')) expect.fail(describeRow(one))
    }
  })

  test('is valid in these alone', () => {
    const periods = ['in its lifetime', 'expires in a millisecond', 'issued a minute ahead of this clock']
    const valid = periods.flatMap((period) =>
      ['fresh', 'as old as may be'].flatMap((age) =>
        ['log not asked', 'in the log, witnessed', 'in the log, unwitnessed'].flatMap((log) =>
          ['no code', 'the code'].map(
            (code) => `signature holds, key valid, ${period}, ${age}, ${log}, ${code}`,
          ),
        ),
      ),
    )
    expect(ALL.filter((one) => decideRow(one).verdict === 'valid').map(describeRow)).toEqual(valid)
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
  const rest = { signature: SIGNATURE[0]!, key: KEY[0]!, log: LOG[0]!, code: CODE[0]! }
  expect(decideRow({ ...rest, life, status }).status).toBe(expected)
})

describe('what is not a number decides nothing', () => {
  test.each<[string, Partial<StatusEvidence>, number]>([
    ['a time of the status that is none', { asOf: Number.NaN }, STALENESS_MS],
    ['a limit that is none, as from a variable that was mistyped', {}, Number.NaN],
    ['an end of the status that is none', { until: Number.NaN }, STALENESS_MS],
  ])('%s', (_, more, maximumStalenessMs) => {
    const status = { ...evidence(false, 0), ...more }
    const { verdict, reasons } = decide(genuine(), { status, log: LOG_NOT_ASKED }, NOW, {
      maximumStalenessMs,
    })
    expect([verdict, reasons]).toEqual(['indeterminate', ['status_stale']])
  })
})

describe('a status that says how long it may be used', () => {
  const signed = (revoked: boolean, until: number): StatusEvidence => ({
    ...evidence(revoked, 1_000),
    until,
    source: 'signed_status_list',
  })

  test.each<[string, StatusEvidence, string, string | null]>([
    ['before that', signed(false, NOW + 1), 'passed', null],
    ['from then on', signed(false, NOW), 'indeterminate', 'status_stale'],
    ['of a revocation, which stays one', signed(true, NOW - 1), 'failed', 'revoked'],
  ])('%s', (_, status, result, reason) => {
    const { checks } = decide(genuine(), { status, log: LOG_NOT_ASKED }, NOW, OFFLINE_POLICY)
    expect(checks.status).toEqual({ result, reason })
  })

  test('offline its age does not matter, and online it does', () => {
    const old = { ...signed(false, NOW + 1), asOf: NOW - 10 * STALENESS_MS }
    const reasonBy = (policy: { maximumStalenessMs: number }) =>
      decide(genuine(), { status: old, log: LOG_NOT_ASKED }, NOW, policy).checks.status.reason
    expect([reasonBy(OFFLINE_POLICY), reasonBy(POLICY)]).toEqual([null, 'status_stale'])
  })
})

test.each(['status_token_invalid', 'status_list_mismatch', 'status_index_out_of_range'] as const)(
  'a token that tells nothing says why: %s',
  (statusFault) => {
    const nothing: Evidence = { status: null, statusFault, log: LOG_NOT_ASKED }
    const { verdict, reasons } = decide(genuine(), nothing, NOW, POLICY)
    expect([verdict, reasons]).toEqual(['indeterminate', [statusFault]])
  },
)

describe('a compromised key', () => {
  const compromised = (loggedBelow: number | null) =>
    genuine({ keyValidity: failed('key_compromised'), loggedBelow })
  const logged = (index: number) => inLog(PASSED, PASSED, index)
  const wrong = { ...inLog(failed('log_proof_invalid'), indeterminate('log_proof_invalid')), index: 5 }

  test.each<[string, number | null, LogEvidence, string | null]>([
    ['logged before the compromise', 6, logged(5), null],
    ['logged first of all', 1, logged(0), null],
    ['logged with the first entry after it', 5, logged(5), 'key_compromised'],
    ['logged later', 5, logged(6), 'key_compromised'],
    ['with nothing logged before it', 0, logged(0), 'key_compromised'],
    ['without a word on when', null, logged(0), 'key_compromised'],
    [
      'without a proof',
      6,
      inLog(notEvaluated('log_proof_missing'), notEvaluated('log_proof_missing')),
      'key_compromised',
    ],
    ['without having asked', 6, LOG_NOT_ASKED, 'key_compromised'],
    ['with a wrong proof', 6, wrong, 'key_compromised'],
  ])('%s', (_, loggedBelow, log, reason) => {
    const { verdict, checks } = decide(
      compromised(loggedBelow),
      { status: evidence(false, 0), log },
      NOW,
      POLICY,
    )
    expect(checks.key_validity.reason).toBe(reason)
    expect(verdict).toBe(reason === null ? 'valid' : 'invalid')
  })

  test('whose certificate is of another time is not made good by the log', () => {
    const examined = genuine({ keyValidity: failed('key_not_valid_at_issue') })
    const { verdict } = decide(examined, { status: evidence(false, 0), log: logged(0) }, NOW, POLICY)
    expect(verdict).toBe('invalid')
  })
})

test('answers from memory cost no new verdict', () => {
  const first = decide(genuine(), { status: evidence(false, 0), log: LOG_NOT_ASKED }, NOW, POLICY)
  const second = decide(genuine(), { status: evidence(false, 1), log: LOG_NOT_ASKED }, NOW, POLICY)
  expect(second).toBe(first)
})

function genuine(more: Partial<Examined> = {}): Examined {
  const certificate = lived(-1, 1)
  return { certificate, signed: '{}', signature: PASSED, keyValidity: PASSED, loggedBelow: null, ...more }
}

function describeRow({ signature, key, life, status, log, code }: (typeof ALL)[number]): string {
  return [signature, key, life, status, log, code].map(({ name }) => name).join(', ')
}
