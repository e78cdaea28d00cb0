import { eq } from 'drizzle-orm'
import { insuranceClaims } from '../../../schema/tables/index.ts'
import type { ClaimProposal } from '../../../schema/wire/claims.ts'
import type { Actor, Context, Transaction } from '../../context.ts'
import type { Answer } from '../../idempotency/claim.ts'
import { DEFAULTS } from '../../insurance/defaults.ts'
import { formatUsd, toCents } from '../../money.ts'
import { Refusal } from '../../refusal.ts'
import { noteEvent } from '../move.ts'
import type { ClaimRow } from '../rows.ts'

/** A decision that pays money. */
export interface PayingDecision {
  readonly action: 'approve' | 'adjust' | 'resolve'
  /** Of `resolve`. */
  readonly outcome: 'adjusted' | 'reversed' | null
  /** What is to be paid now, micro-USD. */
  readonly amount: bigint
}

/** `insurance_claims.proposal`. */
interface StoredProposal {
  readonly user_id: string
  readonly action: PayingDecision['action']
  readonly outcome: PayingDecision['outcome']
  readonly amount_micros: string
  readonly reason: string
  readonly at: string
}

/**
 * Two people decide where a claim would stand above the limit, what was paid on it before included. The first one's decision
 * waits on the locked claim; the second one's, which has to be the same, goes through.
 *
 * @returns what to answer while it waits; null when the decision stands
 * @throws {Refusal} `second_person_required` when the first decides again, `claim_state_conflict` when another decision waits
 */
export async function awaitSecondPerson(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  actor: Actor,
  decision: PayingDecision,
  reason: string,
): Promise<Answer | null> {
  const waiting = proposalOf(claim)
  if (waiting === null) {
    if (claim.approved + decision.amount <= DEFAULTS.claims.twoPeopleAbove) return null
    return propose(ctx, tx, claim, actor, decision, reason)
  }
  if (!isSame(waiting, decision)) throw conflictsWith(waiting)
  if (waiting.user_id === actor.userId) throw new Refusal('second_person_required')
  return null
}

/** For decisions that pay nothing. @throws {Refusal} `claim_state_conflict` when one that pays waits for its second person */
export function assertNothingProposed(claim: ClaimRow): void {
  const waiting = proposalOf(claim)
  if (waiting !== null) throw conflictsWith(waiting)
}

/** Takes the decision back that waits. Anyone who may decide may do so. @throws {Refusal} `claim_state_conflict` without one */
export async function withdrawProposed(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  actor: Actor,
): Promise<ClaimRow> {
  const waiting = proposalOf(claim)
  if (waiting === null) {
    throw new Refusal('claim_state_conflict', { detail: 'No decision waits for a second person.' })
  }
  const [cleared] = await store(ctx, tx, claim, null)
  const amount = BigInt(waiting.amount_micros)
  await noteEvent(ctx, tx, claim, { action: 'proposal_withdrawn', actor: actor.userId, amount })
  return cleared!
}

export function describeProposal(claim: ClaimRow): ClaimProposal | null {
  const waiting = proposalOf(claim)
  if (waiting === null) return null
  const { amount_micros, ...rest } = waiting
  return { ...rest, amount: toCents(BigInt(amount_micros)) }
}

async function propose(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  actor: Actor,
  { action, outcome, amount }: PayingDecision,
  reason: string,
): Promise<Answer> {
  const proposal: StoredProposal = {
    user_id: actor.userId,
    action,
    outcome,
    amount_micros: String(amount),
    reason,
    at: ctx.now.toISOString(),
  }
  const [proposed] = await store(ctx, tx, claim, proposal)
  await noteEvent(ctx, tx, claim, { action: 'proposed', actor: actor.userId, amount, reason })
  const body = {
    status: 'awaiting_second_person',
    claim_id: claim.id,
    proposal: describeProposal(proposed!),
  }
  return { status: 202, body: JSON.stringify(body) }
}

function store(ctx: Context, tx: Transaction, claim: ClaimRow, proposal: StoredProposal | null) {
  return tx
    .update(insuranceClaims)
    .set({ proposal, updatedAt: ctx.now })
    .where(eq(insuranceClaims.id, claim.id))
    .returning()
}

/** A claim that its owner withdrew keeps what was proposed for it, and nothing comes of that. */
function proposalOf(claim: ClaimRow): StoredProposal | null {
  const open = claim.status === 'in_review' || claim.status === 'disputed'
  return open ? (claim.proposal as StoredProposal | null) : null
}

function isSame(waiting: StoredProposal, decision: PayingDecision): boolean {
  return (
    waiting.action === decision.action &&
    waiting.outcome === decision.outcome &&
    BigInt(waiting.amount_micros) === decision.amount
  )
}

function conflictsWith(waiting: StoredProposal): Refusal {
  const what = [waiting.action, waiting.outcome].filter(Boolean).join(', ')
  const amount = formatUsd(BigInt(waiting.amount_micros))
  return new Refusal('claim_state_conflict', {
    detail: `Another decision waits for a second person: ${what}, ${amount}. Withdraw it first.`,
  })
}
