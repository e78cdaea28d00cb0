import { DEFAULTS } from '../../insurance/defaults.ts'
import type { ClaimRow, InsuredPolicyRow } from '../rows.ts'

export interface Suggestion {
  readonly action: 'approve' | 'deny' | 'investigate' | 'none'
  /** Closed codes. */
  readonly because: readonly string[]
}

/** What the evidence speaks for; people decide. Pure. @param commitSha what the incident was attributed to */
export function suggest(
  claim: Pick<ClaimRow, 'status' | 'confidence' | 'reviewReasons'>,
  policy: Pick<InsuredPolicyRow, 'commitSha'>,
  commitSha: string | null,
): Suggestion {
  if (claim.status === 'disputed') return { action: 'investigate', because: ['disputed'] }
  if (claim.status !== 'in_review') return { action: 'none', because: [`is_${claim.status}`] }
  const reasons = new Set(claim.reviewReasons)
  if (reasons.has('fact_refuted')) return { action: 'deny', because: ['fact_refuted'] }
  if (commitSha !== null && commitSha !== policy.commitSha) {
    return { action: 'deny', because: ['attributed_to_another_commit'] }
  }
  const doubts = claim.reviewReasons.filter((reason) => !AMOUNT_ONLY.has(reason))
  const sure = claim.confidence > DEFAULTS.claims.automaticConfidenceBp
  if (sure && doubts.length === 0)
    return { action: 'approve', because: ['signals_agree', 'fact_from_provider'] }
  return { action: 'investigate', because: doubts }
}

/** Reasons that say how much is at stake and nothing against the claim. */
const AMOUNT_ONLY: ReadonlySet<string> = new Set([
  'amount_above_automatic_limit',
  'customer_automatic_limit_reached',
  'filed_by_customer',
])
