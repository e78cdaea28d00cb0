import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, call } from '../support/client.ts'
import { expectProblem } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import {
  githubDeploymentStatus,
  type PlayedProviders,
  type SignedWebhook,
  sentryEventAlert,
  sentryIssue,
  signGithub,
  signSentry,
  signStandard,
  startProviders,
} from '../support/providers.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const SHA = 'c0ffee'.padEnd(40, '0')
const ACCOUNT = 'example'
const SENTRY_SECRET = 'the secret that Sentry gave'

let providers: PlayedProviders
let network: Network
let github: { url: string; secret: string }
let sentry: { url: string; secret: string }
beforeAll(async () => {
  providers = await startProviders()
  network = await startNetwork({ variables: { ...providers.variables } })
  const service = { name: 'checkout', repositories: ['Example/Shop'], sentry_projects: ['shop-web'] }
  expect((await api('PUT', '/v1/services', { services: [service] })).status).toBe(200)
  github = await integrate({ provider: 'github', api_token: providers.github.token })
  const theirs = { secret: SENTRY_SECRET, api_token: providers.sentry.token, account: ACCOUNT }
  sentry = { ...(await integrate({ provider: 'sentry', ...theirs })), secret: SENTRY_SECRET }
})
afterAll(async () => {
  await network?.stop()
  await providers?.stop()
})

function api(method: string, path: string, body?: object): Promise<Answer> {
  return call(network.baseUrl, path, { method, key: network.tenants.api_key, body })
}

async function integrate(request: object): Promise<{ url: string; secret: string }> {
  const answer = await api('POST', '/v1/integrations', request)
  expect(answer.status, answer.text).toBe(201)
  return answer.json
}

function send(to: { url: string }, { headers, body }: SignedWebhook): Promise<Answer> {
  return call(network.baseUrl, new URL(to.url).pathname, { method: 'POST', headers, body })
}

const status = (id: number, at = new Date()) =>
  githubDeploymentStatus({ repository: 'Example/Shop', id, sha: SHA, at })

async function counter(series: string): Promise<number> {
  const { text } = await call(network.baseUrl, '/metrics', { key: network.tenants.operator_key })
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1] ?? 0,
  )
}

describe('webhooks of providers', () => {
  it('are answered, looked at, and confirmed by the providers themselves', async () => {
    const openedAt = new Date(Date.now() - 60_000)
    providers.github.deploy({
      repository: 'Example/Shop',
      id: 1,
      sha: SHA,
      at: new Date(Date.now() - 90_000),
    })
    providers.sentry.issue({
      account: ACCOUNT,
      id: '7',
      firstSeen: openedAt,
      release: SHA,
      files: ['src/a.ts'],
    })
    const alert = { account: ACCOUNT, project: 'shop-web', issue: '7', at: openedAt, release: SHA }
    for (let i = 0; i < 3; i++) {
      const answers = [
        await send(github, signGithub(github.secret, status(1))),
        await send(sentry, signSentry(sentry.secret, sentryEventAlert(alert), new Date())),
      ]
      for (const answer of answers) expect([answer.status, answer.json]).toEqual([202, { accepted: true }])
    }
    await vi.waitFor(
      async () => {
        const { data } = (await api('GET', '/v1/incidents')).json
        expect(data).toMatchObject([{ status: 'open', service: 'checkout', fact_state: 'confirmed' }])
        const rows = await network.sql`SELECT fact_state FROM deployments`
        expect(rows).toEqual([{ fact_state: 'confirmed' }])
      },
      { timeout: 30_000, interval: 100 },
    )
    const resolvedAt = new Date(Date.now() - 5_000)
    providers.sentry.resolveIssue({ account: ACCOUNT, id: '7', at: resolvedAt })
    const issue = sentryIssue({ project: 'shop-web', id: '7', action: 'resolved', firstSeen: openedAt })
    expect((await send(sentry, signSentry(sentry.secret, issue))).status).toBe(202)
    await vi.waitFor(
      async () => {
        const { data } = (await api('GET', '/v1/incidents')).json
        expect(data).toMatchObject([
          {
            status: 'resolved',
            opened_at: openedAt.toISOString(),
            resolved_at: resolvedAt.toISOString(),
            fact_state: 'confirmed',
          },
        ])
        expect((await api('GET', `/v1/incidents/${data[0].id}`)).json).toEqual(data[0])
      },
      { timeout: 30_000, interval: 100 },
    )
  })

  it('that are forged, stale or from the future are refused and counted', async () => {
    const deploy = await integrate({ provider: 'deploy' })
    const day = 86_400_000
    const rejected = (provider: string, reason: string) =>
      counter(`coderisk_webhooks_rejected_total{provider="${provider}",reason="${reason}"}`)
    const attempts = [
      ['github', 'signature', github, signGithub(`${github.secret}x`, status(2))],
      ['github', 'stale', github, signGithub(github.secret, status(3, new Date(Date.now() - 4 * day)))],
      ['github', 'future', github, signGithub(github.secret, status(4, new Date(Date.now() + day)))],
      ['deploy', 'stale', deploy, signStandard(deploy.secret, {}, { at: new Date(Date.now() - day) })],
      ['deploy', 'future', deploy, signStandard(deploy.secret, {}, { at: new Date(Date.now() + day) })],
      ['sentry', 'signature', sentry, signGithub(sentry.secret, {})],
    ] as const
    for (const [provider, reason, to, webhook] of attempts) {
      const before = await rejected(provider, reason)
      const code = reason === 'signature' ? 'webhook_signature_invalid' : 'webhook_time_invalid'
      expectProblem(await send(to, webhook), 401, code)
      expect(await rejected(provider, reason), `${provider} ${reason}`).toBe(before + 1)
    }
  })

  it('of anywhere else, too large, or by another method are refused', async () => {
    const webhook = signGithub(github.secret, status(5))
    const elsewhere = new URL(github.url.replace('/github/', '/sentry/'))
    expectProblem(await send({ url: elsewhere.href }, webhook), 404, 'integration_not_found')
    const large = signGithub(github.secret, `"${'x'.repeat(1024 * 1024)}"`)
    expectProblem(await send(github, large), 413, 'body_too_large')
    expectProblem(await call(network.baseUrl, new URL(github.url).pathname), 405, 'method_not_allowed')
  })

  it('of an integration that is deleted are not taken any more', async () => {
    const datadog = (await integrate({ provider: 'datadog' })) as { url: string; secret: string; id: string }
    const webhook = {
      body: new Uint8Array(Buffer.from('{}')),
      headers: { 'x-coderisk-secret': datadog.secret },
    }
    expect((await send(datadog, webhook)).status).toBe(202)
    expect((await api('DELETE', `/v1/integrations/${datadog.id}`)).status).toBe(200)
    expectProblem(await send(datadog, webhook), 404, 'integration_not_found')
  })
})
