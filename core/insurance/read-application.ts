import { sql } from 'drizzle-orm'
import type { BreakerState } from '../../schema/wire/money.ts'
import type { Actor, Context } from '../context.ts'
import { fromCents } from '../money.ts'
import { Refusal } from '../refusal.ts'
import { compile } from '../statement.ts'
import { type Application, type Eligibility, judgeEligibility } from './eligibility.ts'
import { type Price, price } from './price.ts'
import { readPricing } from './pricing.ts'
import { offeredTiers, type TierOffer } from './tiers.ts'

/** What the CI said of itself in the certificate's report, if it did. */
interface CiOfReport {
  readonly repository: string
  readonly commit_sha: string
}

/** What is asked for, and everything that decides on it. Amounts are micro-USD. */
export interface PreparedApplication {
  readonly certificate: Application['certificate'] & { readonly id: string; readonly ci: CiOfReport | null }
  readonly tier: TierOffer
  readonly coverage: bigint
  readonly eligibility: Eligibility
  readonly price: Price
  readonly breaker: BreakerState
  /** Webhook endpoints that want to know of a purchase. */
  readonly listeners: readonly string[]
}

interface Asked {
  readonly certificate_id: string
  readonly tier: string
  readonly coverage?: number | undefined
}

/**
 * Reads what quoting and binding need, in one statement, judges and prices it.
 *
 * @throws {Refusal} `certificate_not_found` for one that is not a live certificate of the caller's organisation;
 *   `invalid_input` for a tier that it cannot buy
 */
export async function readApplication(
  ctx: Context,
  actor: Actor,
  asked: Asked,
): Promise<PreparedApplication> {
  const row = await readRow(ctx, actor, asked.certificate_id)
  const offered = offeredTiers((row.tiers ?? []).map(readTier))
  const tier = findTier(offered, asked.tier)
  const certificate = {
    id: asked.certificate_id,
    revoked: row.revoked,
    expiresAt: new Date(Number(row.expires_at_ms)),
    commitSha: row.commit_sha,
    riskScore: row.risk_score,
    policies: row.policies_on_commit,
    ci: row.ci,
  }
  const coverage = asked.coverage === undefined ? undefined : fromCents(asked.coverage)
  const terms = {
    coverage: coverage ?? tier.coverage,
    riskScore: row.risk_score,
    mode: ctx.settings.insurance.pricingMode,
  }
  return {
    certificate,
    tier,
    coverage: terms.coverage,
    eligibility: judgeEligibility({ certificate, tier, coverage }, offered, ctx.now),
    price: price(tier, terms, readPricing(row.pricing)),
    breaker: row.breaker ?? 'halted',
    listeners: row.listeners ?? [],
  }
}

interface Row {
  readonly commit_sha: string | null
  readonly risk_score: number
  readonly policies_on_commit: number
  readonly expires_at_ms: string
  readonly revoked: boolean
  readonly ci: CiOfReport | null
  readonly tiers: readonly StoredTier[] | null
  readonly pricing: unknown
  /** Null before the books are open. */
  readonly breaker: BreakerState | null
  readonly listeners: readonly string[] | null
}

interface StoredTier {
  readonly name: string
  readonly listPremium: string
  readonly coverage: string
  readonly days: number
  readonly riskScoreBelow: number | null
  readonly slaCostPerMinuteCap: string
}

const PREPARE = compile<{ organisation: string; certificate: string }>(
  sql`SELECT * FROM prepare_policy(${sql.placeholder('organisation')}, ${sql.placeholder('certificate')})`,
)

async function readRow(ctx: Context, actor: Actor, certificate: string): Promise<Row> {
  const organisation = actor.organisationId
  // A test key sees test certificates alone, and those are never insured.
  const rows = actor.livemode ? await ctx.database.direct<Row>(PREPARE({ organisation, certificate })) : []
  if (rows[0] === undefined) throw new Refusal('certificate_not_found')
  return rows[0]
}

function readTier(stored: StoredTier) {
  return {
    ...stored,
    listPremium: BigInt(stored.listPremium),
    coverage: BigInt(stored.coverage),
    slaCostPerMinuteCap: BigInt(stored.slaCostPerMinuteCap),
  }
}

function findTier(offered: readonly TierOffer[], name: string): TierOffer {
  const tier = offered.find((candidate) => candidate.name === name)
  if (tier !== undefined) return tier
  const names = offered.map((candidate) => candidate.name).join(', ')
  throw new Refusal('invalid_input', { errors: [{ path: 'tier', message: `must be one of ${names}` }] })
}
