import { and, asc, eq, notInArray } from 'drizzle-orm'
import { claimEvents, claimEvidence, insuranceClaims, payouts, users } from '../../schema/tables/index.ts'
import type { AttributionDocument, ClaimDetail } from '../../schema/wire/claims.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import { toCents } from '../money.ts'
import { Refusal } from '../refusal.ts'
import { describeClaim, describeEvent, describeEvidence } from './describe.ts'
import type { ClaimAction } from './move.ts'
import { NETWORK, type PayoutRow } from './rows.ts'

/** What is between those who decide, and between the network and its reinsurer. */
const INTERNAL: ClaimAction[] = ['proposed', 'proposal_withdrawn', 'recovered']

/**
 * A claim of the caller's organisation with its history, its evidence and what it was attributed by.
 *
 * @throws {Refusal} `claim_not_found`
 */
export async function readClaim(ctx: Context, actor: Actor, claimId: string): Promise<ClaimDetail> {
  if (!actor.livemode) throw new Refusal('claim_not_found')
  const { organisationId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    const [row] = await tx
      .select()
      .from(insuranceClaims)
      .where(and(eq(insuranceClaims.id, claimId), eq(insuranceClaims.organisationId, organisationId)))
    if (row === undefined) throw new Refusal('claim_not_found')
    const [events, evidence, sent, nameActor] = await Promise.all([
      tx
        .select()
        .from(claimEvents)
        .where(and(eq(claimEvents.claimId, claimId), notInArray(claimEvents.action, INTERNAL)))
        .orderBy(asc(claimEvents.id)),
      tx
        .select()
        .from(claimEvidence)
        .where(eq(claimEvidence.claimId, claimId))
        .orderBy(asc(claimEvidence.id)),
      tx.select().from(payouts).where(eq(payouts.claimId, claimId)).orderBy(asc(payouts.sequence)),
      namesOwn(tx, organisationId),
    ])
    return {
      ...describeClaim(row),
      history: events.map((event) => describeEvent(event, nameActor)),
      evidence: evidence.map(describeEvidence),
      attribution: row.attribution as AttributionDocument,
      payouts: sent.map(describePayout),
    }
  })
}

/** An organisation knows its own people, and of an operator's that it was one. */
async function namesOwn(tx: Transaction, organisationId: string): Promise<(actor: string) => string> {
  const rows = await tx.select({ id: users.id }).from(users).where(eq(users.organisationId, organisationId))
  const own = new Set(rows.map(({ id }) => id))
  return (actor) => (actor === NETWORK || own.has(actor) ? actor : 'operator')
}

function describePayout(row: PayoutRow) {
  return {
    id: row.id,
    amount: toCents(row.amount),
    state: row.state,
    created_at: row.createdAt.toISOString(),
    paid_at: row.paidAt?.toISOString() ?? null,
  }
}
