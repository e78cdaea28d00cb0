import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../../core/context.ts'
import { UNCLAIMED } from '../../../../../core/idempotency/claim.ts'
import { createIntegration } from '../../../../../core/incidents/create-integration.ts'
import { PROVIDERS, type Provider } from '../../../../../schema/wire/money.ts'
import type { App } from '../../../../../workers/core/app.ts'
import { Metrics } from '../../../../../workers/core/metrics.ts'
import { refuse } from '../../../../../workers/core/refuse.ts'
import { inboundRoutes } from '../../../../../workers/core/routes/inbound.ts'
import type { Service } from '../../../../../workers/core/service.ts'
import {
  datadogAlert,
  githubDeploymentStatus,
  type SignedWebhook,
  signDatadog,
  signGithub,
  signPagerduty,
  signSentry,
  signStandard,
} from '../../../../support/providers.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../../../core/support.ts'

const SECRETS: Record<Provider, string> = {
  github: 'a secret of sixteen or more',
  sentry: 'a secret of sixteen or more',
  pagerduty: 'a secret of sixteen or more',
  datadog: 'a secret of sixteen or more',
  deploy: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
  incident: `whsec_${Buffer.alloc(32, 2).toString('base64')}`,
}
const SIGN: Record<Provider, (secret: string, payload: object) => SignedWebhook> = {
  github: signGithub,
  sentry: signSentry,
  pagerduty: signPagerduty,
  datadog: signDatadog,
  deploy: signStandard,
  incident: signStandard,
}

let core: TestCore
let owner: Actor
const ids = new Map<Provider, string>()
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  owner = await core.organisation('Owner')
  for (const provider of PROVIDERS) {
    const request = { provider, secret: SECRETS[provider] }
    const { body } = await createIntegration(core.ctx(), owner, request, UNCLAIMED)
    ids.set(provider, (JSON.parse(body) as { id: string }).id)
  }
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

/** The routes as the app has them, with counters of their own. */
async function send(path: string, body: BodyInit, headers: Readonly<Record<string, string>> = {}) {
  const metrics = new Metrics()
  let woken = 0
  const backOffice = {
    wake: async () => {
      woken++
    },
    run: async () => {},
  }
  const app: App = new Hono()
  app.use(async (c, next) => {
    c.set('service', { metrics, backOffice } as unknown as Service)
    c.set('ctx', core.ctx())
    c.set('trace', { requestId: 'r', traceId: 't' } as never)
    await next()
  })
  app.route('/', inboundRoutes())
  app.onError((error, c) => refuse(c, error))
  const context = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} }
  const response = await app.request(path, { method: 'POST', body, headers }, {}, context)
  return { status: response.status, body: await response.json(), counters: metrics.snapshot(), woken }
}
const sendTo = (provider: Provider, webhook: SignedWebhook) =>
  send(`/webhooks/${provider}/${ids.get(provider)}`, webhook.body, webhook.headers)

describe.each(PROVIDERS)('%s', (provider) => {
  const payload = { only: provider }

  test('is answered at once, the same way each time, and wakes what looks at it', async () => {
    const webhook = SIGN[provider](SECRETS[provider], payload)
    for (let i = 0; i < 3; i++) {
      expect(await sendTo(provider, webhook)).toEqual({
        status: 202,
        body: { accepted: true },
        counters: { [`coderisk_webhooks_accepted_total{provider="${provider}"}`]: 1 },
        woken: 1,
      })
    }
    const [stored] = await core.db.owner`
      SELECT count(*)::int AS count FROM inbound_deliveries WHERE integration_id = ${ids.get(provider)!}`
    expect(stored).toEqual({ count: 1 })
  })

  test('that is forged is refused and counted', async () => {
    const other = provider === 'incident' ? SECRETS.deploy : SECRETS.incident
    expect(await sendTo(provider, SIGN[provider](other, { forged: true }))).toMatchObject({
      status: 401,
      body: { code: 'webhook_signature_invalid' },
      counters: { [`coderisk_webhooks_rejected_total{provider="${provider}",reason="signature"}`]: 1 },
      woken: 0,
    })
  })

  test('has no other place than its own', async () => {
    const webhook = SIGN[provider](SECRETS[provider], payload)
    const elsewhere = PROVIDERS.find((other) => other !== provider)!
    for (const id of [ids.get(elsewhere)!, 'int_0000000000000000', 'x', '%00']) {
      const answer = await send(`/webhooks/${provider}/${id}`, webhook.body, webhook.headers)
      expect(answer).toMatchObject({
        status: 404,
        body: { code: 'integration_not_found' },
        counters: {},
        woken: 0,
      })
    }
  })
})

test.each([
  ['stale', -4 * 86_400_000],
  ['future', 3_600_000],
])('a webhook that is %s is refused and counted', async (reason, ms) => {
  const at = new Date(Date.now() + ms)
  const status = githubDeploymentStatus({ repository: 'a/b', id: 1, sha: 'a'.repeat(40), at })
  const alert = datadogAlert({ cycle: 'c', transition: 'Triggered', at })
  const attempts: [Provider, SignedWebhook][] = [
    ['github', signGithub(SECRETS.github, status)],
    ['datadog', signDatadog(SECRETS.datadog, alert)],
    ['deploy', signStandard(SECRETS.deploy, {}, { at })],
    ['sentry', signSentry(SECRETS.sentry, {}, at)],
  ]
  for (const [provider, webhook] of attempts) {
    expect(await sendTo(provider, webhook)).toMatchObject({
      status: 401,
      body: { code: 'webhook_time_invalid' },
      counters: { [`coderisk_webhooks_rejected_total{provider="${provider}",reason="${reason}"}`]: 1 },
    })
  }
})

test('a megabyte is taken, and a byte more is not', async () => {
  const body = (length: number) => `"${'x'.repeat(length - 2)}"`
  const most = signGithub(SECRETS.github, body(1024 * 1024))
  expect(await sendTo('github', most)).toMatchObject({ status: 202 })
  const more = signGithub(SECRETS.github, body(1024 * 1024 + 1))
  expect(await sendTo('github', more)).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
})
