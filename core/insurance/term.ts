import { floorDivide, maximum, minimum, roundToCents } from '../money.ts'
import type { Policy } from './rows.ts'
import type { FinalStatus } from './states.ts'

/** Of a policy, in micro-USD. */
export interface Shares {
  /** Of what the customer paid. */
  readonly premium: bigint
  /** Of what the subsidy budget added. */
  readonly subsidy: bigint
}

type Term = Pick<Policy, 'premium' | 'subsidy' | 'boundAt' | 'endsAt'>

/** What is to be earned by then: ⌊amount · t / term⌋ of each part, all of it from the end on. */
export function earnedBy(policy: Term, at: Date): Shares {
  const term = BigInt(policy.endsAt.getTime() - policy.boundAt.getTime())
  const passed = maximum(0n, minimum(term, BigInt(at.getTime() - policy.boundAt.getTime())))
  return {
    premium: floorDivide(policy.premium * passed, term),
    subsidy: floorDivide(policy.subsidy * passed, term),
  }
}

/** How the premium of a policy that ends is divided for good. */
export interface FinalShares {
  readonly earned: Shares
  /** To the customer, whole cents. */
  readonly refund: bigint
  /** To the subsidy budget. */
  readonly returned: bigint
}

/**
 * One that ran out has earned everything; one that is void never was. A cancelled one gives back what is unearned: the premium
 * in whole cents, rounded half-even here and nowhere else, the subsidy exactly.
 */
export function divideAtEnd(policy: Term, to: FinalStatus, at: Date): FinalShares {
  const { premium, subsidy } = policy
  if (to === 'voided') return { earned: { premium: 0n, subsidy: 0n }, refund: premium, returned: subsidy }
  if (to !== 'cancelled') return { earned: { premium, subsidy }, refund: 0n, returned: 0n }
  const target = earnedBy(policy, at)
  const refund = roundToCents(premium - target.premium)
  return {
    earned: { premium: premium - refund, subsidy: target.subsidy },
    refund,
    returned: subsidy - target.subsidy,
  }
}
