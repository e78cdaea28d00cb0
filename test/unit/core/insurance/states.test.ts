import { expect, test } from 'vitest'
import { assertPolicyTransition } from '../../../../core/insurance/states.ts'
import { POLICY_STATUSES, type PolicyStatus } from '../../../../schema/wire/money.ts'
import { refusalCode } from '../requests.ts'

const ALLOWED: readonly (readonly [PolicyStatus, PolicyStatus])[] = [
  ['quoted', 'bound'],
  ['bound', 'active'],
  ['bound', 'expired'],
  ['bound', 'cancelled'],
  ['bound', 'voided'],
  ['active', 'expired'],
  ['active', 'exhausted'],
  ['active', 'cancelled'],
  ['active', 'voided'],
]

test.each(POLICY_STATUSES.flatMap((from) => POLICY_STATUSES.map((to) => [from, to] as const)))(
  'from %s to %s',
  async (from, to) => {
    const allowed = ALLOWED.some(([one, other]) => one === from && other === to)
    const attempt = (async () => assertPolicyTransition(from, to))()
    expect(await refusalCode(attempt)).toBe(allowed ? null : 'policy_state_conflict')
  },
)
