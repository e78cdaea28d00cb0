import type { Actor } from '../../../../core/context.ts'
import { randomIdentifier } from '../../../../core/identifiers.ts'
import { DEFAULTS } from '../../../../core/insurance/defaults.ts'
import {
  approveJournals,
  bindJournals,
  cededPart,
  claimFiledJournal,
  payoutJournal,
  reversalJournals,
} from '../../../../core/ledger/journals.ts'
import { type Journal, postJournals } from '../../../../core/ledger/post.ts'
import { fromCents, minimum } from '../../../../core/money.ts'
import {
  claimEvents,
  incidents,
  insuranceClaims,
  insurancePolicies,
} from '../../../../schema/tables/index.ts'
import type { ClaimStatus, PolicyStatus, Tier } from '../../../../schema/wire/money.ts'
import type { RiskLevel } from '../../../../schema/wire/vocabulary.ts'
import { random, type TestCore } from '../support.ts'

const DAY_MS = 86_400_000

export const usd = (dollars: number) => fromCents(Math.round(dollars * 100))

export interface Sale {
  readonly boundAt: Date
  readonly tier?: Tier
  readonly bucket?: RiskLevel
  readonly subsidy?: bigint
  readonly status?: PolicyStatus
  readonly closedAt?: Date
  readonly activatedAt?: Date | null
  readonly earned?: bigint
}

/** Writes a policy as buying one would, with its journals. */
export async function sell(core: TestCore, owner: Actor, certificateId: string, sale: Sale): Promise<string> {
  const tier = sale.tier ?? 'basic'
  const { listPremium, coverage, days } = DEFAULTS.tiers[tier]
  const id = `INS-2026-${randomIdentifier(random)}`
  const subsidy = sale.subsidy ?? usd(59.9)
  const policy = { id, organisationId: owner.organisationId, premium: listPremium, subsidy }
  await core.db.database.asSystem(async (tx) => {
    await tx.insert(insurancePolicies).values({
      ...policy,
      userId: owner.userId,
      certificateId,
      commitSha: 'a'.repeat(40),
      commitBound: false,
      service: 'checkout',
      tier,
      riskScore: 100,
      riskLevel: sale.bucket ?? 'LOW',
      listPremium,
      technicalPremium: listPremium + subsidy,
      coverage,
      slaCostPerMinute: usd(100),
      pricing: {},
      status: sale.status ?? 'active',
      boundAt: sale.boundAt,
      endsAt: new Date(sale.boundAt.getTime() + days * DAY_MS),
      activatedAt: sale.activatedAt === undefined ? sale.boundAt : sale.activatedAt,
      closedAt: sale.closedAt ?? null,
      earnedPremium: sale.closedAt ? listPremium : 0n,
      earnedSubsidy: sale.closedAt ? subsidy : 0n,
      updatedAt: sale.boundAt,
    })
    await postJournals(tx, bindJournals(policy), sale.boundAt)
  })
  return id
}

export interface Loss {
  readonly cost: bigint
  readonly at: Date
  /** What stands approved, unless it is all that was asked for; null while nobody has decided. */
  readonly approved?: bigint | null
  readonly paidAt?: Date
  readonly reversedAt?: Date
  readonly stackPaths?: readonly string[]
  readonly incidentId?: string
}

/** Writes an incident and a claim as filing, approving, paying and reversing one would, with their journals. */
export async function lose(core: TestCore, owner: Actor, policyId: string, loss: Loss): Promise<string> {
  const { organisationId } = owner
  const [policy] = await core.db.owner`SELECT coverage_micros FROM insurance_policies WHERE id = ${policyId}`
  const requested = minimum(loss.cost, BigInt(policy!.coverage_micros))
  const approved = loss.approved === undefined ? requested : loss.approved
  const claim = { id: `CLM-2026-${randomIdentifier(random)}`, organisationId }
  const incidentId = loss.incidentId ?? `INC-2026-${randomIdentifier(random)}`
  const status: ClaimStatus =
    approved === null ? 'in_review' : loss.reversedAt ? 'closed' : loss.paidAt ? 'paid' : 'payout_pending'
  const stands = loss.reversedAt ? 0n : (approved ?? 0n)
  const steps: [Date, Journal[]][] = [[loss.at, [claimFiledJournal(claim, requested)]]]
  if (approved !== null) {
    steps.push([
      loss.at,
      approveJournals(claim, 1, { estimate: requested, amount: approved, approvedBefore: 0n }),
    ])
  }
  if (approved !== null && loss.paidAt) {
    steps.push([
      loss.paidAt,
      [payoutJournal({ id: claim.id, claimId: claim.id, organisationId, amount: approved })],
    ])
  }
  if (approved !== null && loss.reversedAt) {
    const change = { amount: approved, approvedBefore: approved, recoverable: cededPart(approved) }
    const balances = { receivable: 0n, credit: approved }
    steps.push([loss.reversedAt, reversalJournals(claim, change, balances)])
  }
  await core.db.database.asSystem(async (tx) => {
    const known = { organisationId, updatedAt: loss.reversedAt ?? loss.paidAt ?? loss.at }
    await tx
      .insert(incidents)
      .values({
        ...known,
        id: incidentId,
        integrationId: 'int_0000000000000000',
        provider: 'sentry',
        providerId: incidentId,
        service: 'checkout',
        title: 'TypeError: Jane Doe <jane@example.com> has no basket',
        openedAt: loss.at,
        resolvedAt: loss.at,
        receivedAt: loss.at,
        stackPaths: [...(loss.stackPaths ?? [])],
        factState: 'unavailable',
        settlement: 'claimed',
      })
      .onConflictDoNothing()
    await tx.insert(insuranceClaims).values({
      ...known,
      id: claim.id,
      policyId,
      incidentId,
      status,
      downtimeMs: 90 * 60_000,
      cost: loss.cost,
      requested,
      reserved: approved === null ? requested : 0n,
      approved: stands,
      paid: loss.paidAt ? stands : 0n,
      ceded: cededPart(stands),
      confidence: 9_200,
      attribution: { signals: [{ kind: 'release_sha' }, { kind: 'stack_frames' }, { kind: 'unheard_of' }] },
      filedAt: loss.at,
      decidedAt: approved === null ? null : loss.at,
      reversedAt: loss.reversedAt ?? null,
    })
    await tx
      .insert(claimEvents)
      .values([
        event(claim, loss.at, null, 'filed'),
        ...(approved === null ? [] : [event(claim, loss.at, 'filed', 'auto_approved')]),
        ...(loss.paidAt ? [event(claim, loss.paidAt, 'payout_pending', 'paid')] : []),
        ...(loss.reversedAt ? [event(claim, loss.reversedAt, 'disputed', 'reversed')] : []),
      ])
    for (const [at, journals] of steps) await postJournals(tx, journals, at)
  })
  return claim.id
}

function event(
  claim: { readonly id: string; readonly organisationId: string },
  at: Date,
  fromStatus: ClaimStatus | null,
  toStatus: ClaimStatus,
) {
  const { id: claimId, organisationId } = claim
  return { claimId, organisationId, at, actor: 'network', action: toStatus, fromStatus, toStatus }
}
