import { describe, expect, test } from 'vitest'
import { assertClaimTransition, CLAIM_TRANSITIONS } from '../../../../core/claims/states.ts'
import type { Refusal } from '../../../../core/refusal.ts'
import { CLAIM_STATUSES } from '../../../../schema/wire/money.ts'

/** As `docs/money.md` draws it. */
const ALLOWED = new Set([
  'filed auto_approved',
  'filed in_review',
  'filed withdrawn',
  'in_review withdrawn',
  'in_review approved',
  'in_review denied',
  'auto_approved payout_pending',
  'approved payout_pending',
  'payout_pending paid',
  'denied disputed',
  'paid disputed',
  'disputed upheld',
  'disputed adjusted',
  'disputed reversed',
  'upheld closed',
  'adjusted closed',
  'reversed closed',
])

describe('a claim', () => {
  const pairs = CLAIM_STATUSES.flatMap((from) => CLAIM_STATUSES.map((to) => [from, to] as const))

  test.each(pairs.filter(([from, to]) => ALLOWED.has(`${from} ${to}`)))(
    'that is %s may become %s',
    (from, to) => {
      expect(() => assertClaimTransition(from, to)).not.toThrow()
    },
  )

  test.each(pairs.filter(([from, to]) => !ALLOWED.has(`${from} ${to}`)))(
    'that is %s may not become %s',
    (from, to) => {
      const attempt = () => assertClaimTransition(from, to)
      expect(attempt).toThrow(expect.objectContaining({ code: 'claim_state_conflict' }) as Refusal)
      expect(attempt).toThrow(new RegExp(`${from}.*${to}`))
    },
  )

  test('is over once it is closed or withdrawn, and only then', () => {
    const over = CLAIM_STATUSES.filter((status) => CLAIM_TRANSITIONS[status].length === 0)
    expect(over).toEqual(['withdrawn', 'closed'])
  })
})
