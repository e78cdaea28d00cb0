import type { AttributionDocument } from '../../schema/wire/claims.ts'
import type { ReviewReason } from '../../schema/wire/money.ts'
import type { Context, Transaction } from '../context.ts'
import { type Attribution, attribute } from './attribute.ts'
import { automaticTotal, reviewReasons } from './automatic.ts'
import { describeAttribution } from './describe-attribution.ts'
import { gatherEvidence, type ResolvedIncident } from './gather.ts'
import type { InsuredPolicyRow } from './rows.ts'
import type { AttributionInput } from './signals.ts'

/** An incident with the commit that it is put down to, and all that this was judged by. */
export interface Judged {
  readonly incident: ResolvedIncident
  readonly input: AttributionInput
  readonly attribution: Attribution
  readonly document: AttributionDocument
}

export async function judgeIncident(tx: Transaction, incident: ResolvedIncident): Promise<Judged> {
  const input = await gatherEvidence(tx, incident)
  const attribution = attribute(input)
  return { incident, input, attribution, document: describeAttribution(attribution, input) }
}

/** Ten-thousandths: that the policy's commit is the cause. */
export function confidenceIn(policy: InsuredPolicyRow, { attribution }: Judged): number {
  const { commitSha, confidence, rivals } = attribution
  if (commitSha === policy.commitSha) return confidence
  return rivals.find((rival) => rival.commitSha === policy.commitSha)?.confidence ?? 0
}

/** Why a person has to look at a claim on this policy. To be asked while `holdFiling` holds. */
export async function whyReview(
  ctx: Context,
  tx: Transaction,
  judged: Judged,
  loss: {
    readonly policy: InsuredPolicyRow
    readonly requested: bigint
    readonly shared: boolean
    readonly overlaps: boolean
    readonly filedByCustomer: boolean
  },
): Promise<ReviewReason[]> {
  const { policy, ...rest } = loss
  const { signals, commitSha } = judged.attribution
  const agrees = commitSha === policy.commitSha
  return reviewReasons({
    ...rest,
    confidence: confidenceIn(policy, judged),
    agreeing: agrees ? signals.filter(({ counted }) => counted).length : 0,
    factFromProvider: hasFact(judged),
    refuted: judged.input.incident.factState === 'refuted',
    commitBound: policy.commitBound,
    automaticTotal: await automaticTotal(ctx, tx, policy.organisationId),
  })
}

/** Whether the network fetched itself that there was such an incident, or such a deployment of the commit. */
function hasFact({ input, attribution }: Judged): boolean {
  return (
    input.incident.factState === 'confirmed' ||
    attribution.signals.some(({ source }) => source === 'provider')
  )
}
