/** Every reason that a check of a verdict can give; what each means is in docs/certificate-format.md. */
export const VERDICT_REASONS = [
  'malformed',
  'test_mode',
  'signature_invalid',
  'jws_mismatch',
  'key_unknown',
  'key_compromised',
  'key_not_valid_at_issue',
  'trust_root_unavailable',
  'trust_root_malformed',
  'trust_root_not_pinned',
  'trust_root_rolled_back',
  'trust_root_expired',
  'expired',
  'not_yet_valid',
  'revoked',
  'status_stale',
  'status_unavailable',
  'status_token_invalid',
  'status_list_mismatch',
  'status_index_out_of_range',
  'log_proof_invalid',
  'log_proof_missing',
  'log_unknown',
  'log_not_asked',
  'no_witnesses_required',
  'witness_quorum_missing',
  'code_hash_mismatch',
  'code_hash_missing',
  'code_files_missing',
] as const
export type CheckReason = (typeof VERDICT_REASONS)[number]

/**
 * What came of one check. `indeterminate` could not be decided, and so keeps the verdict from being `valid`;
 * `not_evaluated` was not looked at, and does not weigh.
 */
export interface CheckOutcome {
  readonly result: 'passed' | 'failed' | 'indeterminate' | 'not_evaluated'
  /** Null exactly for `passed`. */
  readonly reason: CheckReason | null
}

export const PASSED: CheckOutcome = { result: 'passed', reason: null }
export const failed = (reason: CheckReason): CheckOutcome => outcome('failed', reason)
export const indeterminate = (reason: CheckReason): CheckOutcome => outcome('indeterminate', reason)
export const notEvaluated = (reason: CheckReason): CheckOutcome => outcome('not_evaluated', reason)

/** There are few, and the busiest routes ask for them at every request: each is made once. */
const made = new Map<string, CheckOutcome>()

function outcome(result: CheckOutcome['result'], reason: CheckReason): CheckOutcome {
  const name = `${result} ${reason}`
  const known = made.get(name)
  if (known !== undefined) return known
  const fresh: CheckOutcome = { result, reason }
  made.set(name, fresh)
  return fresh
}
