import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import { insuranceClaims } from '../../../schema/tables/index.ts'
import type { ReviewCase, ReviewListQuery } from '../../../schema/wire/claims.ts'
import type { ClaimStatus } from '../../../schema/wire/money.ts'
import type { Actor, Context } from '../../context.ts'
import { decodePosition, encodePosition } from '../../paging.ts'
import { Refusal } from '../../refusal.ts'
import { layOut } from './case.ts'

/** What waits for people. */
const WAITING: ClaimStatus[] = ['in_review', 'disputed']

/**
 * Claims of all organisations with what they are judged by, oldest first; without a status, those that wait for a decision.
 * For operators.
 *
 * @throws {Refusal} `invalid_cursor`
 */
export async function listReviewCases(
  ctx: Context,
  actor: Actor,
  query: ReviewListQuery,
): Promise<{ data: ReviewCase[]; next_cursor: string | null }> {
  const after = query.cursor === undefined ? undefined : decodePosition(query.cursor)
  if (!actor.livemode) return { data: [], next_cursor: null }
  return ctx.database.asSystem(async (tx) => {
    const rows = await tx
      .select()
      .from(insuranceClaims)
      .where(
        and(
          inArray(insuranceClaims.status, query.status === undefined ? WAITING : [query.status]),
          after === undefined ? undefined : gt(insuranceClaims.position, after),
        ),
      )
      .orderBy(asc(insuranceClaims.position))
      .limit(query.limit + 1)
    const shown = rows.slice(0, query.limit)
    const last = shown.at(-1)
    return {
      data: await Promise.all(shown.map((row) => layOut(ctx, tx, row))),
      next_cursor: rows.length > query.limit && last?.position != null ? encodePosition(last.position) : null,
    }
  })
}

/** One of them, whatever its status. @throws {Refusal} `claim_not_found` */
export async function readReviewCase(ctx: Context, actor: Actor, claimId: string): Promise<ReviewCase> {
  if (!actor.livemode) throw new Refusal('claim_not_found')
  return ctx.database.asSystem(async (tx) => {
    const [row] = await tx.select().from(insuranceClaims).where(eq(insuranceClaims.id, claimId))
    if (row === undefined) throw new Refusal('claim_not_found')
    return layOut(ctx, tx, row)
  })
}
