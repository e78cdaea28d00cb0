import type { ClaimStatus } from '../../schema/wire/money.ts'
import { Refusal } from '../refusal.ts'

/** What may follow what. Everything that changes a claim's status goes through this table. */
export const CLAIM_TRANSITIONS: Readonly<Record<ClaimStatus, readonly ClaimStatus[]>> = {
  filed: ['auto_approved', 'in_review', 'withdrawn'],
  auto_approved: ['payout_pending'],
  in_review: ['approved', 'denied', 'withdrawn'],
  approved: ['payout_pending'],
  payout_pending: ['paid'],
  denied: ['disputed'],
  paid: ['disputed'],
  disputed: ['upheld', 'adjusted', 'reversed'],
  upheld: ['closed'],
  adjusted: ['closed'],
  reversed: ['closed'],
  withdrawn: [],
  closed: [],
}

/** @throws {Refusal} `claim_state_conflict`, with both states in its detail */
export function assertClaimTransition(from: ClaimStatus, to: ClaimStatus): void {
  if (CLAIM_TRANSITIONS[from].includes(to)) return
  throw new Refusal('claim_state_conflict', { detail: `A claim that is ${from} cannot become ${to}.` })
}
