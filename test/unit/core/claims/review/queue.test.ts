import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listReviewCases, readReviewCase } from '../../../../../core/claims/review/queue.ts'
import { type Suggestion, suggest } from '../../../../../core/claims/review/suggest.ts'
import type { Actor, Context } from '../../../../../core/context.ts'
import { reviewCaseSchema } from '../../../../../schema/wire/claims.ts'
import type { ClaimStatus } from '../../../../../schema/wire/money.ts'
import { expectBooksHold } from '../../../../support/money-invariants.ts'
import { refusalCode, START_LIMIT_MS } from '../../support.ts'
import { COMMIT } from '../claims-support.ts'
import { type ReviewCore, startReview } from '../review-support.ts'

let core: ReviewCore
let ctx: Context
let first: Actor

beforeAll(async () => {
  core = await startReview()
  ;({ first } = core)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(() => {
  ctx = core.reviewing()
})
afterEach(() => expectBooksHold(core.db.owner))

describe('the review queue', () => {
  test('has what waits, oldest first, page by page, with all that it is judged by', async () => {
    const older = await core.small()
    const newer = await core.small()
    const all: string[] = []
    let cursor: string | undefined
    do {
      const page = await listReviewCases(ctx, first, { limit: 2, cursor })
      for (const found of page.data) reviewCaseSchema.parse(found)
      all.push(...page.data.map(({ claim }) => claim.id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(all.slice(-2)).toEqual([older.claim.id, newer.claim.id])
    expect(new Set(all).size).toBe(all.length)
    const statuses = await core.db.owner`SELECT status FROM insurance_claims WHERE id = ANY(${all})`
    expect(statuses.every(({ status }) => status === 'in_review' || status === 'disputed')).toBe(true)
  })

  test('lays out one claim', async () => {
    const { owner, claim } = await core.small()
    const found = reviewCaseSchema.parse(await readReviewCase(ctx, first, claim.id))
    expect(found).toMatchObject({
      claim: { id: claim.id, organisation_id: owner.organisationId },
      policy: { commit_sha: COMMIT, coverage: 500_000, reserved: 200_000 },
      certificate: { commit_sha: COMMIT },
      incident: { fact_state: 'confirmed' },
      attribution: { commit_sha: COMMIT, confidence: 0.9 },
      deployments: [{ commit_sha: COMMIT, fact_state: 'confirmed' }],
      earlier_claims: { count: 0 },
      proposal: null,
      suggestion: { action: 'approve' },
    })
  })

  test('shows a test key nothing', async () => {
    const { claim } = await core.small()
    const tester = await core.withKey(first, ['operator'], false)
    expect(await listReviewCases(ctx, tester, { limit: 10 })).toEqual({ data: [], next_cursor: null })
    expect(await refusalCode(readReviewCase(ctx, tester, claim.id))).toBe('claim_not_found')
  })
})

describe('what the evidence speaks for', () => {
  const claim = (status: ClaimStatus, confidence: number, ...reviewReasons: string[]) => ({
    status,
    confidence,
    reviewReasons,
  })
  test.each<[Suggestion['action'], ReturnType<typeof claim>, string | null]>([
    ['approve', claim('in_review', 9_000, 'amount_above_automatic_limit'), COMMIT],
    ['approve', claim('in_review', 9_000, 'customer_automatic_limit_reached', 'filed_by_customer'), COMMIT],
    ['investigate', claim('in_review', 8_500, 'confidence_too_low'), COMMIT],
    ['investigate', claim('in_review', 9_000, 'no_fact_from_provider'), COMMIT],
    ['investigate', claim('in_review', 0, 'filed_by_customer', 'confidence_too_low'), null],
    ['deny', claim('in_review', 8_000, 'fact_refuted', 'confidence_too_low'), COMMIT],
    ['deny', claim('in_review', 0, 'filed_by_customer', 'confidence_too_low'), 'b'.repeat(40)],
    ['investigate', claim('disputed', 9_000), COMMIT],
    ['none', claim('paid', 9_000), COMMIT],
  ])('to %s: %j', (action, row, commitSha) => {
    expect(suggest(row, { commitSha: COMMIT }, commitSha)).toMatchObject({ action })
  })
})
