import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Answer } from '../support/client.ts'
import {
  ACCOUNT,
  asCustomer,
  asOperator,
  type CoverNetwork,
  certifyCommit,
  claimOf,
  deliver,
  expectOk,
  GITHUB_SECRET,
  insure,
  newCommit,
  REPOSITORY,
  SENTRY_SECRET,
  SERVICE,
  startCoverNetwork,
} from '../support/cover.ts'
import { expectProblem } from '../support/issue.ts'
import { expectBooksHold } from '../support/money-invariants.ts'
import {
  githubDeploymentStatus,
  pagerdutyEvent,
  type SignedWebhook,
  sentryEventAlert,
  sentryIssue,
  signDatadog,
  signGithub,
  signPagerduty,
  signSentry,
  signStandard,
} from '../support/providers.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let cover: CoverNetwork
beforeAll(async () => {
  cover = await startCoverNetwork()
})
afterAll(() => cover?.stop())

const MINUTE_MS = 60_000
const integrate = async (body: object): Promise<Answer['json']> =>
  (await expectOk(asCustomer(cover.network, '/v1/integrations', { body }))).json

describe('every webhook ten times, shuffled, in parallel', () => {
  it('has the effect of one', async () => {
    const sha = newCommit()
    const bought = await insure(cover, await certifyCommit(cover, sha), {
      sla_cost_per_minute_cents: 200_000,
    })
    const deployedAt = new Date()
    const deployment = { repository: REPOSITORY, id: 77_001, sha, at: deployedAt }
    const openedAt = new Date(deployedAt.getTime() + 1)
    const { github, sentry } = cover.providers
    github.deploy(deployment)
    const files = ['src/checkout.ts']
    sentry.issue({ account: ACCOUNT, id: '88001', firstSeen: openedAt, release: sha, files })
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    sentry.resolveIssue({ account: ACCOUNT, id: '88001', at: new Date() })
    const alert = { account: ACCOUNT, project: SERVICE, issue: '88001', at: openedAt, release: sha, files }
    const issue = { project: SERVICE, id: '88001', firstSeen: openedAt }
    const once: [string, SignedWebhook][] = [
      [`github/${cover.github}`, signGithub(GITHUB_SECRET, githubDeploymentStatus(deployment))],
      [`sentry/${cover.sentry}`, signSentry(SENTRY_SECRET, sentryEventAlert(alert))],
      [`sentry/${cover.sentry}`, signSentry(SENTRY_SECRET, sentryIssue({ ...issue, action: 'created' }))],
      [`sentry/${cover.sentry}`, signSentry(SENTRY_SECRET, sentryIssue({ ...issue, action: 'resolved' }))],
    ]
    const all = Array.from({ length: 10 }, (_, round) =>
      once.map((_, index) => once[(index * 3 + round) % once.length]!),
    ).flat()
    const answers = await Promise.all(all.map(([path, webhook]) => deliver(cover, path, webhook)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
    const claim = await claimOf(cover, bought.id, 'paid')
    const { sql } = cover.network
    const [counts] = await sql`SELECT
      (SELECT count(*)::int FROM deployments WHERE commit_sha = ${sha}) AS deployments,
      (SELECT count(*)::int FROM incidents WHERE provider_id LIKE '%88001') AS incidents,
      (SELECT count(*)::int FROM insurance_claims WHERE policy_id = ${bought.id}) AS claims,
      (SELECT count(*)::int FROM payouts WHERE claim_id = ${claim.id}) AS payouts`
    expect(counts).toEqual({ deployments: 1, incidents: 1, claims: 1, payouts: 1 })
    const told = cover.receiver.received.filter(({ event }) => event.data.id === claim.id)
    expect(new Set(told.map(({ id }) => id)).size).toBe(new Set(told.map(({ type }) => type)).size)
    await expectBooksHold(sql)
  })
})

describe('webhooks that are not what they should be', () => {
  it('are refused with 401 and counted: forged, stale, from the future', async () => {
    const [deploys, pagerduty, datadog] = [
      await integrate({ provider: 'deploy' }),
      await integrate({ provider: 'pagerduty', secret: 'the secret of a subscription' }),
      await integrate({ provider: 'datadog' }),
    ]
    const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS)
    const deployment = { repository: REPOSITORY, id: 1, sha: newCommit(), at: at(0) }
    const body = {
      id: 'd-1',
      service: SERVICE,
      commit_sha: newCommit(),
      deployed_at: at(0).toISOString(),
    }
    const incident = { id: 'PT4KHLK', type: 'incident.triggered' as const }
    const refused: [string, string, SignedWebhook][] = [
      [
        'webhook_signature_invalid',
        `github/${cover.github}`,
        signGithub('another', githubDeploymentStatus(deployment)),
      ],
      [
        'webhook_signature_invalid',
        `sentry/${cover.sentry}`,
        signSentry(
          'another',
          sentryIssue({ project: SERVICE, id: '1', action: 'resolved', firstSeen: at(0) }),
        ),
      ],
      [
        'webhook_signature_invalid',
        `pagerduty/${pagerduty.id}`,
        signPagerduty('another', pagerdutyEvent({ ...incident, at: at(0) })),
      ],
      ['webhook_signature_invalid', `datadog/${datadog.id}`, signDatadog('another', '{}')],
      [
        'webhook_signature_invalid',
        `deploy/${deploys.id}`,
        signStandard(`whsec_${Buffer.alloc(32).toString('base64')}`, body),
      ],
      ['webhook_time_invalid', `deploy/${deploys.id}`, signStandard(deploys.secret, body, { at: at(-6) })],
      ['webhook_time_invalid', `deploy/${deploys.id}`, signStandard(deploys.secret, body, { at: at(6) })],
      [
        'webhook_time_invalid',
        `github/${cover.github}`,
        signGithub(GITHUB_SECRET, githubDeploymentStatus({ ...deployment, at: at(-5 * 24 * 60) })),
      ],
      [
        'webhook_time_invalid',
        `github/${cover.github}`,
        signGithub(GITHUB_SECRET, githubDeploymentStatus({ ...deployment, at: at(10) })),
      ],
      [
        'webhook_time_invalid',
        `pagerduty/${pagerduty.id}`,
        signPagerduty('the secret of a subscription', pagerdutyEvent({ ...incident, at: at(10) })),
      ],
    ]
    const before = await rejected()
    for (const [code, path, webhook] of refused) {
      expectProblem(await deliver(cover, path, webhook), 401, code)
    }
    expect((await rejected()) - before).toBe(refused.length)
    const [stored] = await cover.network.sql`
      SELECT count(*)::int AS n FROM inbound_deliveries WHERE integration_id = ANY(${[deploys.id, pagerduty.id, datadog.id]})`
    expect(stored).toEqual({ n: 0 })
  })

  it.each([
    '',
    'null',
    '[]',
    '{"deployment":',
    '\u0000',
    '{"deployment_status":{"state":"success"}}',
    '"'.repeat(9),
  ])('hold nothing up: %j', async (text) => {
    expect((await deliver(cover, `github/${cover.github}`, signGithub(GITHUB_SECRET, text))).status).toBe(202)
  })
})

async function rejected(): Promise<number> {
  const { text } = await expectOk(asOperator(cover.network, '/metrics'))
  const values = [...text.matchAll(/^coderisk_webhooks_rejected_total\{[^}]*\} (\d+)$/gm)]
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}
