import type { CertificateStatus, StatusSource, VerdictName } from '../../schema/wire/vocabulary.ts'
import {
  type CheckOutcome,
  type CheckReason,
  type Examined,
  failed,
  indeterminate,
  PASSED,
} from './examine.ts'

/** What is known of the revocation of one certificate, and since when. */
export interface StatusEvidence {
  readonly revoked: boolean
  /** Milliseconds since the epoch at which this was true. */
  readonly asOf: number
  readonly source: Exclude<StatusSource, 'none'>
}

export interface StatusPolicy {
  /** Older status than this decides nothing (`STATUS_MAX_STALENESS_S`), except that a revocation stays one. */
  readonly maximumStalenessMs: number
}

export interface Verdict {
  readonly verdict: VerdictName
  /** Why it is not `valid`, in the order of the checks, each once; empty when it is. */
  readonly reasons: readonly CheckReason[]
  readonly status: CertificateStatus
  readonly checks: {
    readonly signature: CheckOutcome
    readonly key_validity: CheckOutcome
    readonly expiry: CheckOutcome
    readonly status: CheckOutcome
  }
}

/** Clocks may differ by this much before a certificate from the future is refused. */
const MAX_CLOCK_SKEW_MS = 60_000

/**
 * The one place that decides. Any check that failed makes the verdict `invalid`; else any that could not be
 * decided makes it `indeterminate`; else it is `valid`.
 *
 * @param evidence null when nothing at all is known of the status
 */
export function decide(
  examined: Examined,
  evidence: StatusEvidence | null,
  now: number,
  policy: StatusPolicy,
): Verdict {
  const checks = {
    signature: examined.signature,
    key_validity: examined.keyValidity,
    expiry: checkExpiry(examined, now),
    status: checkStatus(evidence, now, policy),
  }
  if (allPassed(checks)) return { verdict: 'valid', reasons: [], status: 'valid', checks }
  const outcomes = Object.values(checks)
  const reasons = new Set<CheckReason>()
  for (const outcome of outcomes) if (outcome.reason !== null) reasons.add(outcome.reason)
  const verdict = outcomes.some((outcome) => outcome.result === 'failed') ? 'invalid' : 'indeterminate'
  return { verdict, reasons: [...reasons], status: nameStatus(checks), checks }
}

function allPassed({ signature, key_validity, expiry, status }: Verdict['checks']): boolean {
  return [signature, key_validity, expiry, status].every(({ result }) => result === 'passed')
}

function checkExpiry({ certificate }: Examined, now: number): CheckOutcome {
  if (certificate === null) return indeterminate('malformed')
  if (Date.parse(certificate.expires_at) <= now) return failed('expired')
  if (Date.parse(certificate.issued_at) > now + MAX_CLOCK_SKEW_MS) return failed('not_yet_valid')
  return PASSED
}

function checkStatus(evidence: StatusEvidence | null, now: number, policy: StatusPolicy): CheckOutcome {
  if (evidence === null) return indeterminate('status_unavailable')
  if (evidence.revoked) return failed('revoked')
  // Asked so that a time or a limit that is not a number decides nothing.
  return now - evidence.asOf <= policy.maximumStalenessMs ? PASSED : indeterminate('status_stale')
}

/** Of what is not valid. `valid` comes only with the verdict: many a reader looks at nothing else. */
function nameStatus({ expiry, status }: Verdict['checks']): CertificateStatus {
  if (status.reason === 'revoked') return 'revoked'
  return expiry.reason === 'expired' ? 'expired' : 'unknown'
}
