import type { Outside } from '../../../../core/back-office/outside.ts'
import type { Task } from '../../../../core/back-office/run.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { acceptDelivery } from '../../../../core/incidents/accept-delivery.ts'
import { createIntegration } from '../../../../core/incidents/create-integration.ts'
import { inboundTask } from '../../../../core/incidents/process-deliveries.ts'
import type { StoredPricing } from '../../../../core/insurance/describe.ts'
import type { CreatedIntegration, CreateIntegrationRequest } from '../../../../schema/wire/incidents.ts'
import type { Provider } from '../../../../schema/wire/money.ts'
import type { SignedWebhook } from '../../../support/providers.ts'
import { random, type TestCore } from '../support.ts'

/** What a provider gives as its secret. */
export const GIVEN_SECRET = 'the secret that the provider gave'

export interface Integrated {
  readonly id: string
  readonly provider: Provider
  readonly secret: string
}

/** An integration with a secret that the test knows. */
export async function integrate(
  core: TestCore,
  owner: Actor,
  provider: Provider,
  more: Partial<CreateIntegrationRequest> = {},
): Promise<Integrated> {
  const theirs = provider === 'sentry' || provider === 'pagerduty'
  const request = { provider, ...(theirs ? { secret: GIVEN_SECRET } : {}), ...more }
  const answer = await createIntegration(core.ctx(), owner, request, UNCLAIMED)
  const { id, secret } = JSON.parse(answer.body) as CreatedIntegration
  return { id, provider, secret: secret ?? request.secret! }
}

export function deliver(ctx: Context, to: Integrated, webhook: SignedWebhook): Promise<void> {
  return acceptDelivery(ctx, to.id, to.provider, new Headers(webhook.headers), webhook.body)
}

/** For tasks that ask nobody. */
export const NOBODY = {} as Outside

export async function processAll(ctx: Context, task: Task = inboundTask, outside = NOBODY): Promise<number> {
  let done = 0
  for (let round = 0; round < 50; round++) {
    const result = await task.run(ctx, outside)
    if (result.done === 0) return done
    done += result.done
  }
  throw new Error('there is always more to do')
}

/** Wants to be told of everything. */
export async function listen(core: TestCore, { organisationId }: Actor): Promise<void> {
  const id = `whe_${organisationId.slice(-16)}`
  await core.db.owner`
    INSERT INTO webhook_endpoints (id, organisation_id, url, events, sealed_secret, state, created_at, updated_at)
    VALUES (${id}, ${organisationId}, 'https://example.com/', '{*}', '\\x00', 'enabled', now(), now())`
}

/** How often each kind of event of an organisation's was announced, by its type and the id of what it is about. */
export async function announced(core: TestCore, { organisationId }: Actor): Promise<Record<string, number>> {
  const rows = await core.db.owner<{ type: string; body: string }[]>`
    SELECT type, body FROM webhook_events WHERE organisation_id = ${organisationId}`
  const counts: Record<string, number> = {}
  for (const { type, body } of rows) {
    const name = `${type} ${(JSON.parse(body) as { data: { id: string } }).data.id}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** How often each type is in the log since the entry `after`. */
export async function logged(core: TestCore, after = 0): Promise<Record<string, number>> {
  const rows = await core.db.owner<{ entry: Uint8Array }[]>`SELECT entry FROM log_entries WHERE id > ${after}`
  const counts: Record<string, number> = {}
  for (const { entry } of rows) {
    const { type } = JSON.parse(new TextDecoder().decode(entry)) as { type: string }
    counts[type] = (counts[type] ?? 0) + 1
  }
  return counts
}

export async function lastLogged(core: TestCore): Promise<number> {
  const [row] = await core.db.owner<{ id: string | null }[]>`SELECT max(id) AS id FROM log_entries`
  return Number(row!.id ?? 0)
}

const PRICING: StoredPricing = {
  mode: 'pilot',
  table_version: 0,
  frequency_ppb: 20_000_000,
  severity_micros: '2000000000',
  reinsurance_micros: '0',
  sla_cost_per_minute_micros: '1000000',
  carrier: null,
}

/** A policy on a certificate of the organisation's, as binding leaves it. */
export async function insure(
  core: TestCore,
  owner: Actor,
  policy: { commitSha: string; service: string; boundAt: Date },
): Promise<string> {
  const { certificate_id } = await core.issue(owner, { commit_sha: policy.commitSha })
  const id = `INS-2026-${Array.from(random.bytes(16), (byte) => '0123456789abcdefghjkmnpqrstvwxyz'[byte & 31]).join('')}`
  const endsAt = new Date(policy.boundAt.getTime() + 30 * 86_400_000)
  await core.db.owner`
    INSERT INTO insurance_policies (id, organisation_id, user_id, certificate_id, commit_sha, commit_bound, service, tier,
      risk_score_hundredths, risk_level, list_premium_micros, technical_premium_micros, premium_micros, subsidy_micros,
      coverage_micros, sla_cost_per_minute_micros, pricing, status, bound_at, ends_at, updated_at)
    VALUES (${id}, ${owner.organisationId}, ${owner.userId}, ${certificate_id}, ${policy.commitSha}, true,
      ${policy.service}, 'basic', 100, 'LOW', 100000, 100000, 100000, 0, 5000000000, 1000000,
      ${JSON.stringify(PRICING)}::text::jsonb, 'bound', ${policy.boundAt}, ${endsAt}, now())`
  return id
}
