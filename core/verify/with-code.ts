import type { CheckOutcome, CheckReason } from './checks.ts'
import type { Verdict } from './verdict.ts'

/** A verdict as it travels: it may come from a network that knows more reasons than this program. */
interface TravelledVerdict {
  readonly verdict: Verdict['verdict']
  readonly reasons: readonly string[]
  readonly status: Verdict['status']
  readonly checks: object
}

/**
 * A verdict that somebody else came to, with code that was compared here: never better than either. As in `decide`, a check
 * that failed makes it `invalid`, and one that could not be decided keeps it from being `valid`.
 */
export function withCode<T extends TravelledVerdict>(given: T, code_hash: CheckOutcome): T {
  const checks = { ...given.checks, code_hash }
  const reason: CheckReason | null = code_hash.reason
  const weighs = code_hash.result === 'failed' || code_hash.result === 'indeterminate'
  if (!weighs) return { ...given, checks }
  return {
    ...given,
    checks,
    verdict: code_hash.result === 'failed' || given.verdict === 'invalid' ? 'invalid' : 'indeterminate',
    reasons: reason === null || given.reasons.includes(reason) ? given.reasons : [...given.reasons, reason],
    // `valid` comes only with the verdict.
    status: given.status === 'valid' ? 'unknown' : given.status,
  }
}
