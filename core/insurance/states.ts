import type { PolicyStatus } from '../../schema/wire/money.ts'
import { Refusal } from '../refusal.ts'

/** What a policy may become. The term runs from binding; `bound` and `active` are on risk, what leads nowhere is final. */
export const POLICY_TRANSITIONS: Readonly<Record<PolicyStatus, readonly PolicyStatus[]>> = {
  quoted: ['bound'],
  bound: ['active', 'expired', 'cancelled', 'voided'],
  active: ['expired', 'exhausted', 'cancelled', 'voided'],
  expired: [],
  exhausted: [],
  cancelled: [],
  voided: [],
}

/** The statuses that count against the caps. */
export const ON_RISK = ['bound', 'active'] as const satisfies readonly PolicyStatus[]

/** How a policy ends. */
export type FinalStatus = 'expired' | 'exhausted' | 'cancelled' | 'voided'

/** @throws {Refusal} `policy_state_conflict` */
export function assertPolicyTransition(from: PolicyStatus, to: PolicyStatus): void {
  if (POLICY_TRANSITIONS[from].includes(to)) return
  throw new Refusal('policy_state_conflict', { detail: `It is ${from} and cannot become ${to}.` })
}
