import type { IneligibilityCode } from '../../schema/wire/insurance.ts'
import { formatUsd } from '../money.ts'
import { DEFAULTS } from './defaults.ts'
import type { TierOffer } from './tiers.ts'

/** What is asked to be covered. */
export interface Application {
  readonly certificate: {
    readonly revoked: boolean
    readonly expiresAt: Date
    readonly commitSha: string | null
    /** Hundredths. */
    readonly riskScore: number
    /** That are on risk on its commit. */
    readonly policies: number
  }
  readonly tier: TierOffer
  /** Micro-USD; undefined for the tier's limit. */
  readonly coverage: bigint | undefined
}

export interface Ineligibility {
  readonly code: IneligibilityCode
  /** The member of the request that it is about. */
  readonly path: string
  readonly message: string
}

export interface Eligibility {
  /** Every reason against it; none: it can be bound. */
  readonly reasons: readonly Ineligibility[]
  /** Where another tier would help: the cheapest that would take it. */
  readonly acceptingTier: string | null
}

/** @param offered all tiers that the organisation can buy, cheapest first */
export function judgeEligibility(
  application: Application,
  offered: readonly TierOffer[],
  now: Date,
): Eligibility {
  const ofCertificate = judgeCertificate(application, now)
  const ofTier = judgeTier(application, application.tier)
  const helps = ofCertificate.length === 0 && ofTier.length > 0
  const accepting = helps && offered.find((tier) => judgeTier(application, tier).length === 0)
  return {
    reasons: [...ofCertificate, ...ofTier],
    acceptingTier: accepting ? accepting.name : null,
  }
}

/** What no tier helps against. */
function judgeCertificate({ certificate }: Application, now: Date): Ineligibility[] {
  const path = 'certificate_id'
  const reasons: Ineligibility[] = []
  if (certificate.revoked) {
    reasons.push({ code: 'certificate_revoked', path, message: 'is revoked' })
  }
  if (certificate.expiresAt.getTime() <= now.getTime()) {
    const message = `expired at ${certificate.expiresAt.toISOString()}`
    reasons.push({ code: 'certificate_expired', path, message })
  }
  if (certificate.commitSha === null) {
    const message = 'names no commit, so no deployment could be told to be of it; certify with commit_sha'
    reasons.push({ code: 'commit_sha_missing', path, message })
  }
  if (certificate.policies >= DEFAULTS.policiesPerCommit) {
    const message = `has ${certificate.policies} policies on risk on its commit, and no more are taken`
    reasons.push({ code: 'too_many_policies', path, message })
  }
  return reasons
}

function judgeTier({ certificate, coverage }: Application, tier: TierOffer): Ineligibility[] {
  const { riskScoreBelow } = tier
  const reasons: Ineligibility[] = []
  if (riskScoreBelow !== null && certificate.riskScore >= riskScoreBelow) {
    const message = `takes scores below ${outOfTen(riskScoreBelow)}; this one is ${outOfTen(certificate.riskScore)}`
    reasons.push({ code: 'risk_score_too_high', path: 'tier', message })
  }
  if (coverage !== undefined && coverage > tier.coverage) {
    const message = `is more than the ${formatUsd(tier.coverage)} of this tier`
    reasons.push({ code: 'coverage_above_tier', path: 'coverage', message })
  }
  return reasons
}

function outOfTen(hundredths: number): string {
  return (hundredths / 100).toFixed(2)
}
