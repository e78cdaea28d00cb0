import { and, asc, eq } from 'drizzle-orm'
import { incidents, insurancePolicies } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { minimum } from '../money.ts'
import { approve } from './approve.ts'
import { type ClaimedBefore, claimedBefore, holdFiling } from './claimed-before.ts'
import { type Bookings, book, NO_BOOKINGS, together } from './cover.ts'
import type { ResolvedIncident } from './gather.ts'
import { type Judged, judgeIncident, whyReview } from './judge.ts'
import { costOf, coveredAt, remainingCover } from './loss.ts'
import { openClaim, sendToReview } from './open-claim.ts'
import { type InsuredPolicyRow, NETWORK } from './rows.ts'
import type { AttributionInput } from './signals.ts'

/** How long settlement waits, after the resolution was told, for what providers' APIs say and for webhooks that come late. */
export const PATIENCE_MS = 40_000
const LOOK_AGAIN_MS = 1_000
/** What one transaction files, within its two seconds; the rest comes right after it. */
const MAX_CLAIMS_AT_ONCE = 40

export type SettlementOutcome = 'claimed' | 'unattributed' | 'uninsured' | 'no_loss'

/**
 * Settles one incident that is due, in one transaction: attribution, claims, approvals, books.
 *
 * @returns `in_part` when there is more to file, which is due at once; `waiting` when it is too early; `gone` when somebody else
 *   was first
 */
export async function settleIncident(
  ctx: Context,
  tx: Transaction,
  id: string,
): Promise<SettlementOutcome | 'in_part' | 'waiting' | 'gone'> {
  const incident = await lockDue(tx, id)
  if (incident === null) return 'gone'
  const judged = await judgeIncident(tx, incident)
  const early = ctx.now.getTime() < patienceEnds(incident)
  if (early && isWaiting(judged.input)) return postpone(ctx, tx, incident)
  const { outcome, bookings, more } = await fileClaims(ctx, tx, judged)
  // A deployment may be told of after the incident that it brought.
  if (early && (outcome === 'unattributed' || outcome === 'uninsured')) return postpone(ctx, tx, incident)
  await tx
    .update(incidents)
    .set({
      attribution: judged.document,
      attributedSha: judged.attribution.commitSha,
      ...(more ? { nextSettlementAt: ctx.now } : { settlement: outcome, nextSettlementAt: null }),
      updatedAt: ctx.now,
    })
    .where(eq(incidents.id, id))
  await book(ctx, tx, bookings)
  return more ? 'in_part' : outcome
}

/** Claims that others file refer to the incident: they wait for the filing, and must not be waited for here. */
async function lockDue(tx: Transaction, id: string): Promise<ResolvedIncident | null> {
  const [row] = await tx
    .select()
    .from(incidents)
    .where(and(eq(incidents.id, id), eq(incidents.settlement, 'due')))
    .for('no key update')
  return row === undefined || row.resolvedAt === null ? null : (row as ResolvedIncident)
}

function patienceEnds({ resolutionReceivedAt, updatedAt }: ResolvedIncident): number {
  return (resolutionReceivedAt ?? updatedAt).getTime() + PATIENCE_MS
}

function isWaiting({ incident, deployments }: AttributionInput): boolean {
  return incident.factState === 'pending' || deployments.some(({ factState }) => factState === 'pending')
}

async function postpone(ctx: Context, tx: Transaction, incident: ResolvedIncident): Promise<'waiting'> {
  const at = Math.min(ctx.now.getTime() + LOOK_AGAIN_MS, patienceEnds(incident))
  await tx
    .update(incidents)
    .set({ nextSettlementAt: new Date(at) })
    .where(eq(incidents.id, incident.id))
  return 'waiting'
}

const NOTHING = { bookings: NO_BOOKINGS, more: false } as const

/** The loss is paid once in all: policies in the order in which they were bound, each what those before it left. */
async function fileClaims(
  ctx: Context,
  tx: Transaction,
  judged: Judged,
): Promise<{ outcome: SettlementOutcome; bookings: Bookings; more: boolean }> {
  const { incident, attribution } = judged
  if (attribution.commitSha === null) return { outcome: 'unattributed', ...NOTHING }
  await holdFiling(tx, incident.organisationId)
  const policies = await lockCovering(tx, incident, attribution.commitSha)
  if (policies.length === 0) return { outcome: 'uninsured', ...NOTHING }
  const before = await claimedBefore(tx, incident)
  let taken = before.amount
  let bookings = NO_BOOKINGS
  let claimed = before.claims.length > 0
  let filedNow = 0
  for (const policy of policies) {
    if (before.claims.some(({ policyId }) => policyId === policy.id)) continue
    const cost = costOf(before.downtimeMs, policy.slaCostPerMinute)
    const requested = minimum(cost - taken, remainingCover(policy))
    if (requested <= 0n) continue
    if (filedNow++ === MAX_CLAIMS_AT_ONCE) return { outcome: 'claimed', bookings, more: true }
    const filed = await fileClaim(ctx, tx, judged, before, { policy, cost, requested, shared: taken > 0n })
    bookings = together(bookings, filed)
    taken += requested
    claimed = true
  }
  return { outcome: claimed ? 'claimed' : 'no_loss', bookings, more: false }
}

/**
 * Policies of that commit and service that covered the incident's start, whatever they have become since, in the order of
 * binding. Locked in the order of their ids, as activation does.
 */
async function lockCovering(
  tx: Transaction,
  incident: ResolvedIncident,
  commitSha: string,
): Promise<InsuredPolicyRow[]> {
  const rows = await tx
    .select()
    .from(insurancePolicies)
    .where(
      and(
        eq(insurancePolicies.organisationId, incident.organisationId),
        eq(insurancePolicies.commitSha, commitSha),
        eq(insurancePolicies.service, incident.service),
      ),
    )
    .orderBy(asc(insurancePolicies.id))
    .for('update')
  return rows
    .filter((policy) => coveredAt(policy, incident.openedAt))
    .sort((a, b) => Number(a.position! - b.position!))
}

interface Loss {
  readonly policy: InsuredPolicyRow
  readonly cost: bigint
  readonly requested: bigint
  readonly shared: boolean
}

/** Files one claim, and approves it if nobody has to look at it. */
async function fileClaim(
  ctx: Context,
  tx: Transaction,
  judged: Judged,
  before: ClaimedBefore,
  { shared, ...loss }: Loss,
): Promise<Bookings> {
  const { overlaps, downtimeMs } = before
  const reasons = await whyReview(ctx, tx, judged, { ...loss, shared, overlaps, filedByCustomer: false })
  const opened = await openClaim(ctx, tx, {
    ...loss,
    downtimeMs,
    incidentId: judged.incident.id,
    confidence: judged.attribution.confidence,
    attribution: judged.document,
    reviewReasons: reasons,
    filedBy: null,
  })
  const filed: Bookings = { journals: opened.journals, released: [] }
  if (reasons.length > 0) {
    await sendToReview(ctx, tx, opened.claim)
    return filed
  }
  const approval = { to: 'auto_approved', action: 'approved', by: NETWORK, reason: null } as const
  const { bookings } = await approve(ctx, tx, opened.claim, opened.policy, {
    ...approval,
    amount: loss.requested,
  })
  return together(filed, bookings)
}
