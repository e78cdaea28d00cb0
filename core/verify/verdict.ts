import type { CertificateStatus, StatusSource, VerdictName } from '../../schema/wire/vocabulary.ts'
import { type CheckOutcome, type CheckReason, failed, indeterminate, PASSED } from './checks.ts'
import type { CodeEvidence } from './code-evidence.ts'
import type { Examined } from './examine.ts'
import type { LogEvidence } from './log-evidence.ts'

/** What is known of the revocation of one certificate, and since when. */
export interface StatusEvidence {
  readonly revoked: boolean
  /** Milliseconds since the epoch at which this was true. */
  readonly asOf: number
  readonly source: Exclude<StatusSource, 'none'>
  /** Milliseconds since the epoch from which on it decides nothing any more; absent where only its age counts. */
  readonly until?: number
}

/** Why a token that was there tells nothing of a certificate. */
export type StatusFault = 'status_token_invalid' | 'status_list_mismatch' | 'status_index_out_of_range'

/** Everything that a verdict rests on besides the certificate. */
export interface Evidence {
  /** Null when nothing at all is known. */
  readonly status: StatusEvidence | null
  /** Why `status` is null, where there is more to say than that none could be had. */
  readonly statusFault?: StatusFault | undefined
  readonly log: LogEvidence
  /** Only when code was compared. */
  readonly code?: CodeEvidence | undefined
}

export interface StatusPolicy {
  /** Older status than this decides nothing (`STATUS_MAX_STALENESS_S`), except that a revocation stays one. */
  readonly maximumStalenessMs: number
}

/** Without a network nothing but a token's own `exp` says how long it may be used. */
export const OFFLINE_POLICY: StatusPolicy = { maximumStalenessMs: Number.POSITIVE_INFINITY }

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
    readonly log: CheckOutcome
    readonly witnesses: CheckOutcome
    /** Only when code was compared. */
    readonly code_hash?: CheckOutcome
  }
}

/** Clocks may differ by this much before a certificate from the future is refused. */
export const MAX_CLOCK_SKEW_MS = 60_000

/**
 * The one place that decides. Any check that failed makes the verdict `invalid`; else any that could not be
 * decided makes it `indeterminate`; else it is `valid`. What was not evaluated does not weigh.
 *
 * @param now milliseconds since the epoch
 */
export function decide(examined: Examined, evidence: Evidence, now: number, policy: StatusPolicy): Verdict {
  const key_validity = checkKey(examined, evidence.log)
  const expiry = checkExpiry(examined, now)
  const status = checkStatus(evidence, now, policy)
  const { signature } = examined
  const { log, witnesses } = evidence.log
  const sound = signature === PASSED && key_validity === PASSED && expiry === PASSED && status === PASSED
  if (sound && evidence.code === undefined) return soundVerdict(evidence.log)
  const checks = { signature, key_validity, expiry, status, log, witnesses }
  return conclude(evidence.code === undefined ? checks : { ...checks, code_hash: evidence.code.outcome })
}

/** Verdicts on certificates of which everything but the log has passed: what answers from memory come to. */
const soundVerdicts = new WeakMap<LogEvidence, Verdict>()

function soundVerdict(evidence: LogEvidence): Verdict {
  const known = soundVerdicts.get(evidence)
  if (known !== undefined) return known
  const { log, witnesses } = evidence
  const passed = { signature: PASSED, key_validity: PASSED, expiry: PASSED, status: PASSED }
  const verdict = conclude({ ...passed, log, witnesses })
  soundVerdicts.set(evidence, verdict)
  return verdict
}

function conclude(checks: Verdict['checks']): Verdict {
  const weighing = Object.values(checks).filter(
    ({ result }) => result === 'failed' || result === 'indeterminate',
  )
  if (weighing.length === 0) return { verdict: 'valid', reasons: [], status: 'valid', checks }
  const reasons = new Set<CheckReason>()
  for (const { reason } of weighing) if (reason !== null) reasons.add(reason)
  const verdict = weighing.some(({ result }) => result === 'failed') ? 'invalid' : 'indeterminate'
  return { verdict, reasons: [...reasons], status: nameStatus(checks), checks }
}

/** Of a compromised key's certificates only those are its owner's that the log had before the compromise. */
function checkKey({ keyValidity, loggedBelow }: Examined, { log, index }: LogEvidence): CheckOutcome {
  if (loggedBelow === null || index === null || log.result !== 'passed') return keyValidity
  return index < loggedBelow ? PASSED : keyValidity
}

function checkExpiry({ certificate, signature }: Examined, now: number): CheckOutcome {
  if (certificate === null) return indeterminate(signature.reason ?? 'malformed')
  if (Date.parse(certificate.expires_at) <= now) return failed('expired')
  if (Date.parse(certificate.issued_at) > now + MAX_CLOCK_SKEW_MS) return failed('not_yet_valid')
  return PASSED
}

function checkStatus({ status, statusFault }: Evidence, now: number, policy: StatusPolicy): CheckOutcome {
  if (status === null) return indeterminate(statusFault ?? 'status_unavailable')
  if (status.revoked) return failed('revoked')
  // Asked so that a time or a limit that is not a number decides nothing.
  const recent = now - status.asOf <= policy.maximumStalenessMs
  return recent && (status.until === undefined || now < status.until) ? PASSED : indeterminate('status_stale')
}

/** Of what is not valid. `valid` comes only with the verdict: many a reader looks at nothing else. */
function nameStatus({ expiry, status }: Verdict['checks']): CertificateStatus {
  if (status.reason === 'revoked') return 'revoked'
  return expiry.reason === 'expired' ? 'expired' : 'unknown'
}
