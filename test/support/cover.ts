import { randomBytes } from 'node:crypto'
import { expect, vi } from 'vitest'
import { evidenceAudience } from '../../core/evidence/ci-identity.ts'
import { hashEvidence } from '../../core/evidence/read.ts'
import { installOperator } from '../../stack/provision.ts'
import { CI_REPOSITORY, type CiIssuer, startCiIssuer } from './ci-issuer.ts'
import { type Answer, type Call, call } from './client.ts'
import { lcov } from './evidence.ts'
import { issueId } from './issue.ts'
import { type Network, startNetwork } from './network.ts'
import {
  githubDeploymentStatus,
  type PlayedProviders,
  type SignedWebhook,
  sentryEventAlert,
  sentryIssue,
  signGithub,
  signSentry,
  startProviders,
} from './providers.ts'
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

/** Of the served example. */
export const REPOSITORY = CI_REPOSITORY.toLowerCase()
export const SERVICE = 'checkout'
export const ACCOUNT = 'example'
export const GITHUB_SECRET = "It's a Secret to Everybody"
export const SENTRY_SECRET = 'the client secret of an integration'

/** A network in which changes are covered, with everybody whom it speaks to. */
export interface CoverNetwork {
  readonly network: Network
  readonly ci: CiIssuer
  readonly providers: PlayedProviders
  readonly receiver: WebhookReceiver
  /** Of the demo organisation: where GitHub's and Sentry's webhooks go. */
  readonly github: string
  readonly sentry: string
  stop(): Promise<void>
}

export async function startCoverNetwork(variables: Record<string, string> = {}): Promise<CoverNetwork> {
  const undo = new AsyncDisposableStack()
  const ci = undo.adopt(await startCiIssuer(), (it) => it.stop())
  const providers = undo.adopt(await startProviders(), (it) => it.stop())
  const receiver = undo.adopt(await startWebhookReceiver(), (it) => it.stop())
  const network = undo.adopt(
    await startNetwork({
      variables: {
        CI_ISSUERS: ci.variable,
        WEBHOOKS_ALLOW_LOOPBACK: 'true',
        ...providers.variables,
        ...variables,
      },
    }),
    (it) => it.stop(),
  )
  const ask = (path: string, body: object, method = 'POST') =>
    expectOk(asCustomer(network, path, { method, body }))
  await ask('/v1/organisation', { repositories: [CI_REPOSITORY] }, 'PATCH')
  await ask(
    '/v1/services',
    { services: [{ name: SERVICE, repositories: [REPOSITORY], sentry_projects: [SERVICE] }] },
    'PUT',
  )
  const github = await ask('/v1/integrations', {
    provider: 'github',
    secret: GITHUB_SECRET,
    api_token: providers.github.token,
  })
  const sentry = await ask('/v1/integrations', {
    provider: 'sentry',
    secret: SENTRY_SECRET,
    api_token: providers.sentry.token,
    account: ACCOUNT,
  })
  const endpoint = await ask('/v1/webhook-endpoints', { url: receiver.url, events: ['*'] })
  receiver.trust(endpoint.json.secret)
  return {
    network,
    ci,
    providers,
    receiver,
    github: github.json.id,
    sentry: sentry.json.id,
    stop: () => undo.disposeAsync(),
  }
}

export function asCustomer(network: Network, path: string, more: Call = {}): Promise<Answer> {
  return call(network.baseUrl, path, { key: network.tenants.api_key, ...more })
}

export function asOperator(network: Network, path: string, more: Call = {}): Promise<Answer> {
  return call(network.baseUrl, path, { key: network.tenants.operator_key, ...more })
}

/** The key of another operator: another person. */
export async function operator(cover: CoverNetwork): Promise<string> {
  const { appDatabaseUrl } = cover.network.provisioning
  return (await installOperator(appDatabaseUrl, { name: 'Second operator' })).api_key
}

export async function expectOk(answer: Promise<Answer>): Promise<Answer> {
  const got = await answer
  expect(got.status, got.text).toBeLessThan(300)
  return got
}

export function newCommit(): string {
  return randomBytes(20).toString('hex')
}

/** A certificate of a small change whose commit CI vouches for. @returns its id */
export async function certifyCommit(cover: CoverNetwork, sha: string): Promise<string> {
  const evidence = {
    coverage: [{ name: 'lcov.info', content: lcov({ 'src/checkout.ts': { 1: 1, 2: 1, 3: 1, 4: 1 } }) }],
  }
  const ci_token = await cover.ci.token(evidenceAudience(await hashEvidence(evidence)), { sha })
  const content = `export function total${sha.slice(0, 8)}(items: number[], rate: number) {\n  const net = items.reduce((sum, item) => sum + item, 0)\n  return net + net * rate\n}\n`
  return issueId(cover.network, {
    ai_tool: 'claude-code-v1.0',
    files: [{ path: 'src/checkout.ts', content, previous_content: '' }],
    commit_sha: sha,
    evidence: { ...evidence, ci_token },
  })
}

/** Buys cover. @returns the policy */
export async function insure(
  cover: CoverNetwork,
  certificateId: string,
  more: Record<string, unknown> = {},
): Promise<Answer['json']> {
  const body = {
    certificate_id: certificateId,
    tier: 'pro',
    service: SERVICE,
    sla_cost_per_minute_cents: 10_000,
    ...more,
  }
  return (await expectOk(asCustomer(cover.network, '/v1/trust/insure', { body }))).json
}

export async function policy(cover: CoverNetwork, id: string): Promise<Answer['json']> {
  return (await expectOk(asCustomer(cover.network, `/v1/insurance/policies/${id}`))).json
}

/** Lets some time have passed since the policy was bound, and deployed if it was. */
export async function age(cover: CoverNetwork, policyId: string, minutes: number): Promise<void> {
  await cover.network.sql`
    UPDATE insurance_policies SET bound_at = bound_at - ${minutes} * interval '1 minute',
      ends_at = ends_at - ${minutes} * interval '1 minute',
      activated_at = activated_at - ${minutes} * interval '1 minute' WHERE id = ${policyId}`
  // It was bound on another day, then.
  await cover.network.sql`DELETE FROM exposure_days`
  await cover.network.sql`
    INSERT INTO exposure_days SELECT (bound_at AT TIME ZONE 'UTC')::date, sum(coverage_micros) FROM insurance_policies GROUP BY 1`
}

export function deliver(
  cover: CoverNetwork,
  path: string,
  { body, headers }: SignedWebhook,
): Promise<Answer> {
  return call(cover.network.baseUrl, `/webhooks/${path}`, { method: 'POST', body, headers: { ...headers } })
}

let deployments = 1_000

/** GitHub deploys the commit, knows it, and says so. */
export async function deploy(cover: CoverNetwork, sha: string, at = new Date()): Promise<void> {
  const deployment = { repository: REPOSITORY, id: deployments++, sha, at }
  cover.providers.github.deploy(deployment)
  const webhook = signGithub(GITHUB_SECRET, githubDeploymentStatus(deployment))
  await expectOk(deliver(cover, `github/${cover.github}`, webhook))
}

export async function untilActive(cover: CoverNetwork, policyId: string): Promise<Answer['json']> {
  return vi.waitFor(
    async () => {
      const found = await policy(cover, policyId)
      expect(found.status).toBe('active')
      return found
    },
    { timeout: 30_000, interval: 100 },
  )
}

let issues = 5_000

/** Sentry sees an error of this release, and somebody resolves it; it knows both. @returns the issue's id */
export async function breakDown(
  cover: CoverNetwork,
  sha: string,
  openedAt: Date,
  resolvedAt: Date,
): Promise<string> {
  const id = String(issues++)
  const files = ['src/checkout.ts']
  const { sentry } = cover.providers
  const send = (payload: object) =>
    expectOk(deliver(cover, `sentry/${cover.sentry}`, signSentry(SENTRY_SECRET, payload, new Date())))
  sentry.issue({ account: ACCOUNT, id, firstSeen: openedAt, release: sha, files })
  await send(
    sentryEventAlert({ account: ACCOUNT, project: SERVICE, issue: id, at: openedAt, release: sha, files }),
  )
  sentry.resolveIssue({ account: ACCOUNT, id, at: resolvedAt })
  await send(sentryIssue({ project: SERVICE, id, action: 'resolved', firstSeen: openedAt }))
  return id
}

/** The claims of a policy, once there are some of this status. */
export async function claimOf(
  cover: CoverNetwork,
  policyId: string,
  ...statuses: readonly string[]
): Promise<Answer['json']> {
  return vi.waitFor(
    async () => {
      const { json } = await expectOk(asCustomer(cover.network, `/v1/insurance/claims?policy_id=${policyId}`))
      expect(json.data.map((claim: { status: string }) => claim.status)).toEqual([
        expect.toSatisfy((status: string) => statuses.includes(status)),
      ])
      return json.data[0]
    },
    { timeout: 45_000, interval: 150 },
  )
}

/** Types of the log's entries about this id, in order. */
export async function logged(cover: CoverNetwork, id: string): Promise<string[]> {
  const rows = await cover.network.sql`
    SELECT convert_from(entry, 'UTF8')::jsonb ->> 'type' AS type FROM log_entries
    WHERE convert_from(entry, 'UTF8')::jsonb ->> 'subject' = encode(sha256(convert_to(${id}, 'UTF8')), 'hex') ORDER BY id`
  return rows.map(({ type }) => type)
}
