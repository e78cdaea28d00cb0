import { randomBytes } from 'node:crypto'
import type { Outside } from '../../../core/back-office/outside.ts'
import { embeddedRail } from '../../../core/billing/embedded-rail.ts'
import type { PaymentRail } from '../../../core/billing/rail.ts'
import type { Actor, Context } from '../../../core/context.ts'
import { type Answer, type Claim, once, UNCLAIMED } from '../../../core/idempotency/claim.ts'
import { createIntegration } from '../../../core/incidents/create-integration.ts'
import type {
  DeploymentFact,
  Fetched,
  IncidentFact,
  ProviderApis,
} from '../../../core/incidents/providers.ts'
import type { IntegrationRow } from '../../../core/incidents/rows.ts'
import { openBooks } from '../../../core/insurance/open-books.ts'
import type { Refusal } from '../../../core/refusal.ts'
import { utf8 } from '../../../core/verify/encoding.ts'
import { integrations } from '../../../schema/tables/index.ts'
import { createIntegrationRequestSchema } from '../../../schema/wire/incidents.ts'
import { startTestCore, type TestCore } from '../../unit/core/support.ts'
import { type Certificate, Model } from './model.ts'
import { CERTIFICATE_FEE, type Mode, USD } from './rules.ts'

/** Where every history begins. */
const BEGINNING = Date.UTC(2027, 0, 25, 9, 30)

export interface Customer {
  readonly actor: Actor
  readonly certificates: readonly Certificate[]
  /** Those that the provider's API can be asked about, and those that it cannot. */
  readonly asked: { readonly deployments: IntegrationRow; readonly incidents: IntegrationRow }
  readonly unasked: { readonly deployments: IntegrationRow; readonly incidents: IntegrationRow }
}

export interface HistoryOptions {
  readonly mode: Mode
  /** Dollars. */
  readonly capital: number
  readonly budget: number
}

/** What a command came to: its answer, or the code and the reasons that it was refused with. */
export type Outcome =
  | { readonly status: number; readonly body: Record<string, unknown> }
  | { readonly code: string; readonly reasons: readonly string[] }

interface Keyed {
  readonly actor: Actor
  readonly route: string
  readonly key: string
  readonly body: unknown
  readonly work: (ctx: Context, claim: Claim) => Promise<Answer>
  readonly answer: Answer
}

/** The commands on a database of their own, and the model beside them. The clock is moved by the history. */
export class World {
  readonly core: TestCore
  readonly customers: readonly Customer[]
  readonly reviewers: readonly Actor[]
  /** What the providers' APIs say, by the id of the deployment or the incident. */
  readonly facts = new Map<string, Fetched<DeploymentFact> | Fetched<IncidentFact>>()
  /** Everything that was done with an idempotency key. */
  readonly keyed: Keyed[] = []
  model!: Model
  now = BEGINNING
  made = 0
  #options!: HistoryOptions

  private constructor(core: TestCore, customers: readonly Customer[], reviewers: readonly Actor[]) {
    this.core = core
    this.customers = customers
    this.reviewers = reviewers
  }

  static async start(customers = 3): Promise<World> {
    const core = await startTestCore()
    const made: Customer[] = []
    for (let i = 0; i < customers; i++) made.push(await makeCustomer(core, i))
    return new World(core, made, [await core.operator(), await core.operator()])
  }

  /** Everything about money is forgotten, and the books are opened anew. */
  async begin(options: HistoryOptions): Promise<Model> {
    await this.core.db.owner.begin((sql) => sql.unsafe(FORGET))
    this.#options = options
    this.now = BEGINNING
    this.keyed.length = 0
    this.facts.clear()
    await openBooks(this.ctx())
    const [capital, budget] = [BigInt(options.capital) * USD, BigInt(options.budget) * USD]
    this.model = new Model({ mode: options.mode, openedAt: this.now, capital, budget })
    return this.model
  }

  ctx(at = this.now): Context {
    const ctx = this.core.ctx(new Date(at))
    const { mode, capital, budget } = this.#options
    const insurance = {
      ...ctx.settings.insurance,
      pricingMode: mode,
      initialCapital: BigInt(capital) * USD,
      subsidyBudget: BigInt(budget) * USD,
      certificateFee: CERTIFICATE_FEE,
    }
    return { ...ctx, settings: { ...ctx.settings, insurance } }
  }

  outside(rail: PaymentRail = embeddedRail): Outside {
    return { rail, providers: this.#providers(), sender: undefined as never }
  }

  #providers(): ProviderApis {
    const said = async (id: string) => this.facts.get(id) ?? { state: 'missing' }
    return {
      githubDeployment: async (_, { deploymentId }) => (await said(deploymentId)) as Fetched<DeploymentFact>,
      githubRevert: async () => ({ state: 'found', fact: { revertedSha: null } }),
      sentryIncident: async (_, { providerId }) => (await said(providerId)) as Fetched<IncidentFact>,
      pagerdutyIncident: async () => ({ state: 'missing' }),
    }
  }

  /** A command as a client sends it, with an idempotency key. */
  async command(
    actor: Actor,
    route: string,
    body: unknown,
    work: (ctx: Context, claim: Claim) => Promise<Answer>,
  ): Promise<Outcome> {
    const key = `key-${++this.made}`
    const ctx = this.ctx()
    try {
      const answer = await once(ctx, actor, { route, key, rawBody: raw(body) }, (claim) => work(ctx, claim))
      this.keyed.push({ actor, route, key, body, work, answer })
      return { status: answer.status, body: JSON.parse(answer.body) }
    } catch (error) {
      return refusalOf(error)
    }
  }

  /** The same request again, with its key. */
  async replay(earlier: Keyed): Promise<Answer & { replayed: boolean }> {
    const { actor, route, key, body, work } = earlier
    const ctx = this.ctx()
    return once(ctx, actor, { route, key, rawBody: raw(body) }, (claim) => work(ctx, claim))
  }

  stop(): Promise<void> {
    return this.core.db.stop()
  }
}

export function refusalOf(error: unknown): { code: string; reasons: readonly string[] } {
  if (!(error instanceof Error) || error.name !== 'Refusal') throw error
  const { code, details } = error as Refusal
  return { code, reasons: (details.reasons as string[] | undefined) ?? [] }
}

function raw(body: unknown): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(body)) as Uint8Array<ArrayBuffer>
}

/** LOW and MEDIUM, HIGH and CRITICAL, bound to their commits by CI or not, and three that nothing insures. */
const KINDS = [
  { score: 120, bound: true },
  { score: 120, bound: true },
  { score: 420, bound: true },
  { score: 650, bound: true },
  { score: 900, bound: true },
  { score: 349, bound: false },
  { score: 200, bound: true, flaw: 'revoked' as const },
  { score: 700, bound: true, flaw: 'expired' as const },
  { score: 500, bound: true, commit: null },
]

async function makeCustomer(core: TestCore, number: number): Promise<Customer> {
  const actor = await core.organisation(`Customer ${number}`)
  const certificates: Certificate[] = []
  for (const [index, kind] of KINDS.entries()) certificates.push(await certify(core, actor, index, kind))
  const integration = (provider: string, more: Record<string, unknown> = {}) =>
    integrate(core, actor, { provider, ...more })
  return {
    actor,
    certificates,
    asked: {
      deployments: await integration('github', { secret: SECRET, api_token: 'a token' }),
      incidents: await integration('sentry', { secret: SECRET, api_token: 'a token', account: 'example' }),
    },
    unasked: { deployments: await integration('deploy'), incidents: await integration('incident') },
  }
}

const SECRET = 'a secret of this test, long enough for all'
const EXPIRED = new Date(BEGINNING - 1).toISOString()
const FAR_AWAY = '2040-01-01T00:00:00.000Z'
/** Before the books are opened, so that nothing is owed for them. */
const ISSUED = '2026-01-01T00:00:00.000Z'

/** What a certificate says is made up here: what it was found to be is not what is tested. */
async function certify(
  core: TestCore,
  actor: Actor,
  index: number,
  kind: { score: number; bound: boolean; flaw?: 'revoked' | 'expired'; commit?: null },
): Promise<Certificate> {
  const { organisationId } = actor
  const commit = kind.commit === null ? null : randomBytes(20).toString('hex')
  const more = commit === null ? {} : { commit_sha: commit }
  const { certificate_id: id } = await core.issue(actor, more)
  const ci = kind.bound ? { repository: 'example/shop', commit_sha: commit } : null
  const revoked = kind.flaw === 'revoked' ? EXPIRED : null
  await core.db
    .owner`UPDATE certificates SET risk_score_hundredths = ${kind.score}, report = report || ${core.db.owner.json({ ci })},
    issued_at = ${ISSUED}, updated_at = ${ISSUED}, expires_at = ${kind.flaw === 'expired' ? EXPIRED : FAR_AWAY},
    revoked_at = ${revoked}, revocation_reason = ${revoked && 'superseded'} WHERE id = ${id}`
  const service = `service-${index}`
  return {
    id,
    organisation: organisationId,
    commit,
    service,
    score: kind.score,
    bound: kind.bound,
    flaw: kind.flaw ?? null,
  }
}

async function integrate(core: TestCore, actor: Actor, request: unknown): Promise<IntegrationRow> {
  const parsed = createIntegrationRequestSchema.parse(request)
  const { body } = await createIntegration(core.ctx(), actor, parsed, UNCLAIMED)
  const { id } = JSON.parse(body) as { id: string }
  const rows = await core.db.database.asSystem((tx) => tx.select().from(integrations))
  return rows.find((row) => row.id === id)!
}

/** The ledger refuses it, even to its owner: triggers are left out. */
const FORGET = `
  SET LOCAL session_replication_role = replica;
  TRUNCATE insurance_policies, exposure_customers, exposure_days, insurance_state, breaker_events, insurance_tiers, pricing_tables,
    actuarial_reviews, ledger_journals, ledger_postings, ledger_balances, reconciliations, insurance_claims, claim_events, claim_evidence,
    billing_accounts, billing_events, payouts, invoices, rail_transactions, services, inbound_deliveries, deployments, incidents,
    idempotency_records CASCADE;
  DELETE FROM certificates WHERE id LIKE 'CERT-COPY-%'`
