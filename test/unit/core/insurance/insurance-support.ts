import { expect } from 'vitest'
import type { Actor, Context } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { bindPolicy } from '../../../../core/insurance/bind.ts'
import { openBooks } from '../../../../core/insurance/open-books.ts'
import { type InsuranceVariables, readInsuranceSettings } from '../../../../core/insurance/settings.ts'
import { type InsureRequest, type PolicyDocument, policySchema } from '../../../../schema/wire/insurance.ts'
import { startTestCore, type TestCore } from '../support.ts'

export const COMMIT = 'a3f1'.repeat(10)
export const BOUND_AT = new Date('2026-11-21T12:00:00.000Z')
export const DAY_MS = 86_400_000

export interface InsuranceCore extends TestCore {
  /** A context with these variables of the core Worker. */
  insuring(now?: Date, variables?: InsuranceVariables): Context
  /** A certificate's id. @param score hundredths, instead of the one that was found */
  certificate(actor: Actor, options?: CertificateOptions): Promise<string>
  bind(
    actor: Actor,
    request: Partial<InsureRequest> & { certificate_id: string },
    ctx?: Context,
  ): Promise<PolicyDocument>
  /** Debits less credits, micro-USD. @param party all when absent */
  balance(account: string, party?: string): Promise<bigint>
  /** What the caps' counters and the policies on risk say; they must agree. */
  exposure(): Promise<{ counted: Record<string, bigint>; onRisk: Record<string, bigint> }>
}

interface CertificateOptions {
  readonly score?: number
  readonly commit?: string | null
  /** Of the CI identity. */
  readonly ci?: { repository: string; commit_sha: string }
  readonly issuedAt?: Date
}

/** A core whose books are open. */
export async function startInsurance(variables: InsuranceVariables = {}): Promise<InsuranceCore> {
  const core = await startTestCore()
  const { owner } = core.db
  const insuring = (now = BOUND_AT, more = variables): Context => {
    const ctx = core.ctx(now)
    return { ...ctx, settings: { ...ctx.settings, insurance: readInsuranceSettings(more) } }
  }
  await openBooks(insuring())
  const sums = async (rows: Promise<unknown>) =>
    Object.fromEntries(
      ((await rows) as { id: string; amount: string }[]).map(({ id, amount }) => [id, BigInt(amount)]),
    )
  return {
    ...core,
    insuring,
    async certificate(actor, { score = 200, commit = COMMIT, ci, issuedAt = BOUND_AT } = {}) {
      const more = commit === null ? {} : { commit_sha: commit }
      const { certificate_id: id } = await core.issue(actor, more, issuedAt)
      await owner`UPDATE certificates SET risk_score_hundredths = ${score},
        report = report || ${owner.json({ ci: ci ?? null })} WHERE id = ${id}`
      return id
    },
    async bind(actor, request, ctx = insuring()) {
      const { body } = await bindPolicy(ctx, actor, { ...ORDINARY, ...request }, UNCLAIMED)
      return policySchema.parse(JSON.parse(body))
    },
    async balance(account, party) {
      const [row] = await owner`SELECT coalesce(sum(amount_micros), 0)::text AS amount FROM ledger_balances
        WHERE account = ${account} AND (${party ?? null}::text IS NULL OR party = ${party ?? null})`
      return BigInt(row!.amount)
    },
    async exposure() {
      return {
        counted: await sums(
          owner`SELECT organisation_id AS id, on_risk_micros::text AS amount FROM exposure_customers
            WHERE on_risk_micros > 0`,
        ),
        onRisk: await sums(
          owner`SELECT organisation_id AS id, sum(coverage_micros)::text AS amount FROM insurance_policies
            WHERE status IN ('bound', 'active') GROUP BY 1`,
        ),
      }
    },
  }
}

const ORDINARY = { tier: 'basic', service: 'checkout', sla_cost_per_minute_cents: 10_000 }

/** Whatever happened: the counters are the policies, what ended has nothing unearned, and the books are even. */
export async function assertInsuranceWhole(core: InsuranceCore): Promise<void> {
  const { counted, onRisk } = await core.exposure()
  expect(counted).toEqual(onRisk)
  expect(await core.balance('subsidy_budget')).toBe(await readSubsidyUsed(core))
  const { owner } = core.db
  const wrong = await owner`
    SELECT p.id, p.status FROM insurance_policies p
    LEFT JOIN ledger_balances b ON b.account = 'unearned_premium' AND b.party = p.id
    WHERE coalesce(b.amount_micros, 0) <> CASE WHEN p.closed_at IS NOT NULL THEN 0
      ELSE p.earned_premium_micros + p.earned_subsidy_micros - p.premium_micros - p.subsidy_micros END`
  expect(wrong).toEqual([])
  const days = await owner`
    SELECT d.day FROM exposure_days d WHERE d.bound_micros <> (
      SELECT sum(coverage_micros) FROM insurance_policies p WHERE (p.bound_at AT TIME ZONE 'UTC')::date = d.day)`
  expect(days).toEqual([])
  const [sums] = await owner`SELECT sum(amount_micros)::text AS postings,
    (SELECT sum(amount_micros)::text FROM ledger_balances) AS balances FROM ledger_postings`
  expect(sums).toEqual({ postings: '0', balances: '0' })
}

export async function readSubsidyUsed(core: InsuranceCore): Promise<bigint> {
  const [state] = await core.db.owner`SELECT subsidy_used_micros::text AS used FROM insurance_state`
  return BigInt(state!.used)
}
