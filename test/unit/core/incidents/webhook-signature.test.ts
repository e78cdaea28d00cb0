import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretBytes, verifyWebhook } from '../../../../core/incidents/webhook-signature.ts'
import { fromBase64, toHex, utf8 } from '../../../../core/verify/encoding.ts'
import { PROVIDERS, type Provider } from '../../../../schema/wire/money.ts'
import {
  datadogAlert,
  githubDeploymentStatus,
  type Payload,
  pagerdutyEvent,
  type SignedWebhook,
  sentryEventAlert,
  sentryMetricAlert,
  signDatadog,
  signGithub,
  signPagerduty,
  signSentry,
  signStandard,
} from '../../../support/providers.ts'

const NOW = new Date('2026-11-21T12:00:00.000Z')
const MINUTE = 60_000
const DAY = 86_400_000
const ago = (ms: number) => new Date(NOW.getTime() - ms)
const SECRET = 'a secret of sixteen characters or more'
const STANDARD_SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
const secretOf = (provider: Provider) =>
  provider === 'deploy' || provider === 'incident' ? STANDARD_SECRET : SECRET

const SIGN: Record<Provider, (payload: Payload, secret: string) => SignedWebhook> = {
  github: (payload, secret) => signGithub(secret, payload),
  sentry: (payload, secret) => signSentry(secret, payload, NOW),
  pagerduty: (payload, secret) => signPagerduty(secret, payload),
  datadog: (payload, secret) => signDatadog(secret, payload),
  deploy: (payload, secret) => signStandard(secret, payload, { at: NOW }),
  incident: (payload, secret) => signStandard(secret, payload, { at: NOW }),
}
const SIGNATURE_HEADER: Record<Provider, string> = {
  github: 'x-hub-signature-256',
  sentry: 'sentry-hook-signature',
  pagerduty: 'x-pagerduty-signature',
  datadog: 'x-coderisk-secret',
  deploy: 'webhook-signature',
  incident: 'webhook-signature',
}

function verify(
  provider: Provider,
  webhook: SignedWebhook,
  more: {
    headers?: Record<string, string>
    body?: Uint8Array<ArrayBuffer>
    secret?: string
    now?: Date
  } = {},
) {
  const headers = new Headers({ ...webhook.headers, ...more.headers })
  const { secret = secretOf(provider), body = webhook.body, now = NOW } = more
  return verifyWebhook(provider, secret, headers, body, now)
}
const outcome = async (verdict: ReturnType<typeof verify>) => {
  const settled = await verdict
  return settled.ok ? 'ok' : settled.reason
}

describe('published vectors', () => {
  test('GitHub', async () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    const webhook = { body: utf8('Hello, World!'), headers: { 'x-hub-signature-256': signature } }
    const secret = "It's a Secret to Everybody"
    expect(await outcome(verify('github', webhook, { secret }))).toBe('ok')
    expect(await outcome(verify('github', webhook, { secret: `${secret}.` }))).toBe('signature')
    expect(await outcome(verify('github', webhook, { secret, body: utf8('Hello, World?') }))).toBe(
      'signature',
    )
  })

  test('Standard Webhooks', async () => {
    const body = utf8('{"test": 2432232314}')
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    }
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const now = new Date(1_614_265_330_000)
    expect(await verify('incident', { body, headers }, { secret, now })).toEqual({
      ok: true,
      key: 'id:msg_p5jXN8AQM9LWM0D4loKWxJek',
    })
  })
})

describe.each(PROVIDERS)('%s', (provider) => {
  const webhook = SIGN[provider]('{}', secretOf(provider))
  const name = SIGNATURE_HEADER[provider]
  const signature = webhook.headers[name]!
  const with_ = (value: string) => outcome(verify(provider, webhook, { headers: { [name]: value } }))

  test('takes what is signed with its secret', async () => {
    expect(await outcome(verify(provider, webhook))).toBe('ok')
  })

  test('refuses another secret', async () => {
    const other = secretOf(provider).replace('whsec_MDEy', 'whsec_MDEz').replace('sixteen', 'fifteen')
    expect(other).not.toBe(secretOf(provider))
    expect(await outcome(verify(provider, webhook, { secret: other }))).toBe('signature')
  })

  test('refuses every signature that is cut short or goes on, and none', async () => {
    for (let length = 0; length < signature.length; length++) {
      expect(await with_(signature.slice(0, length)), `${length}`).toBe('signature')
    }
    for (const more of [`${signature}0`, `${signature}00`, `${signature}=`, `0${signature}`]) {
      expect(await with_(more), more).toBe('signature')
    }
    const without = { ...webhook.headers }
    delete without[name]
    expect(await outcome(verify(provider, { ...webhook, headers: without }))).toBe('signature')
  })

  test('names the delivery by what is signed, never by a header that is not', async () => {
    const again = { 'x-github-delivery': 'other', 'request-id': 'other', 'x-datadog-id': 'other' }
    expect(await verify(provider, webhook, { headers: again })).toEqual(await verify(provider, webhook))
  })
})

// Datadog signs nothing.
test.each(PROVIDERS.filter((provider) => provider !== 'datadog'))(
  '%s refuses any bytes with one bit turned',
  async (provider) => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 })
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(), async (body, at) => {
        const original = SIGN[provider](body, secretOf(provider))
        expect(await outcome(verify(provider, original))).toBe('ok')
        const turned = new Uint8Array(original.body)
        turned[at % turned.length]! ^= 1 << (at % 8)
        expect(await outcome(verify(provider, original, { body: turned }))).toBe('signature')
      }),
      { numRuns: 50 },
    )
  },
)

test('a delivery without a signed name is named by the SHA-256 of its body', async () => {
  const webhook = signGithub(SECRET, 'Hello, World!')
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', webhook.body)))
  expect(await verify('github', webhook)).toEqual({ ok: true, key: `sha256:${digest}` })
})

describe('several signatures', () => {
  const others = [0, 1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`)

  test('any may match', async () => {
    const own = signPagerduty(['old secret of theirs', SECRET], '{}')
    expect(await outcome(verify('pagerduty', own))).toBe('ok')
    expect(await outcome(verify('pagerduty', signPagerduty(['old', 'other'], '{}')))).toBe('signature')
    const standard = signStandard([...others, STANDARD_SECRET], '{}', { at: NOW })
    expect(await outcome(verify('deploy', standard))).toBe('ok')
    expect(await outcome(verify('deploy', signStandard(others, '{}', { at: NOW })))).toBe('signature')
  })

  test('of other versions are passed over', async () => {
    const own = signStandard(STANDARD_SECRET, '{}', { at: NOW })
    const given = `v1a,${'A'.repeat(43)}= ${own.headers['webhook-signature']}`
    expect(await outcome(verify('deploy', own, { headers: { 'webhook-signature': given } }))).toBe('ok')
    const renamed = own.headers['webhook-signature']!.replace('v1,', 'v2,')
    expect(await outcome(verify('deploy', own, { headers: { 'webhook-signature': renamed } }))).toBe(
      'signature',
    )
  })

  test('beyond the eighth are not looked at', async () => {
    const many = (count: number) => signPagerduty([...Array(count).fill('other'), SECRET], '{}')
    expect(await outcome(verify('pagerduty', many(7)))).toBe('ok')
    expect(await outcome(verify('pagerduty', many(8)))).toBe('signature')
  })
})

describe('times', () => {
  const deployment = (at: Date) =>
    githubDeploymentStatus({ repository: 'Example/Shop', id: 1, sha: 'a'.repeat(40), at })
  const github = (at: Date) => verify('github', signGithub(SECRET, deployment(at)))
  const pagerduty = (at: Date) =>
    verify('pagerduty', signPagerduty(SECRET, pagerdutyEvent({ id: 'P1', type: 'incident.triggered', at })))
  const datadog = (at: Date) =>
    verify('datadog', signDatadog(SECRET, datadogAlert({ cycle: 'c', transition: 'Triggered', at })))
  const standard = (at: Date) => verify('deploy', signStandard(STANDARD_SECRET, '{}', { at }))
  const sentryHeader = (at: Date) => verify('sentry', signSentry(SECRET, '{}', at))
  const alert = (at: Date) => sentryEventAlert({ account: 'example', project: 'shop', issue: '1', at })
  const sentryBody = (at: Date) => verify('sentry', signSentry(SECRET, alert(at)))

  test.each([
    ['GitHub', github],
    ['PagerDuty', pagerduty],
    ['Datadog', datadog],
  ])('in the body of %s: three days back, five minutes ahead', async (_, at) => {
    expect(await outcome(at(ago(3 * DAY)))).toBe('ok')
    expect(await outcome(at(ago(3 * DAY + 1000)))).toBe('stale')
    expect(await outcome(at(ago(-5 * MINUTE)))).toBe('ok')
    expect(await outcome(at(ago(-5 * MINUTE - 1000)))).toBe('future')
  })

  test.each([
    ['Standard Webhooks', standard],
    ['Sentry', sentryHeader],
  ])('in the header of %s: five minutes either way', async (_, at) => {
    expect(await outcome(at(ago(5 * MINUTE)))).toBe('ok')
    expect(await outcome(at(ago(5 * MINUTE + 1000)))).toBe('stale')
    expect(await outcome(at(ago(-5 * MINUTE)))).toBe('ok')
    expect(await outcome(at(ago(-5 * MINUTE - 1000)))).toBe('future')
  })

  test('an issue of Sentry may be old, but nothing is from the future', async () => {
    expect(await outcome(sentryBody(ago(400 * DAY)))).toBe('ok')
    expect(await outcome(sentryBody(ago(-6 * MINUTE)))).toBe('future')
    const metric = sentryMetricAlert({
      project: 'shop',
      identifier: '1',
      action: 'critical',
      startedAt: ago(-DAY),
    })
    expect(await outcome(verify('sentry', signSentry(SECRET, metric)))).toBe('future')
  })

  test('the later of the two times of a deployment status counts', async () => {
    const status = { created_at: ago(4 * DAY).toISOString(), updated_at: ago(DAY).toISOString() }
    const body = { deployment_status: status }
    expect(await outcome(verify('github', signGithub(SECRET, body)))).toBe('ok')
  })

  test.each(['', '1e9', '-1', '0x10', '16142653.0', '9'.repeat(12), ' ', 'now'])(
    'a timestamp %j in a header is refused',
    async (timestamp) => {
      const id = 'msg_1'
      const key = Buffer.from(STANDARD_SECRET.slice(6), 'base64')
      const raw = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
        'sign',
      ])
      const code = await crypto.subtle.sign('HMAC', raw, utf8(`${id}.${timestamp}.{}`))
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${Buffer.from(code).toString('base64')}`,
      }
      expect(await outcome(verify('deploy', { body: utf8('{}'), headers }))).toBe('signature')
      const sentry = signSentry(SECRET, '{}')
      const given = { 'sentry-hook-timestamp': timestamp }
      expect(await outcome(verify('sentry', sentry, { headers: given }))).toBe('stale')
    },
  )

  test('a forged one that is also stale is forged', async () => {
    const webhook = signStandard(STANDARD_SECRET, '{}', { at: ago(DAY) })
    expect(await outcome(verify('deploy', webhook, { body: utf8('[]') }))).toBe('signature')
  })
})

describe('a secret of Standard Webhooks', () => {
  test.each([
    [STANDARD_SECRET, 32],
    [`whsec_${Buffer.alloc(24).toString('base64')}`, 24],
    [`whsec_${Buffer.alloc(64).toString('base64')}`, 64],
  ])('%s has its bytes', (secret, length) => {
    expect(secretBytes(secret)).toHaveLength(length)
    expect(secretBytes(secret)).toEqual(fromBase64(secret.slice(6)))
  })

  test.each([
    'whsec_',
    'whsec_!!!!',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    Buffer.alloc(32).toString('base64'),
    `WHSEC_${Buffer.alloc(32).toString('base64')}`,
    '',
  ])('%j is none', (secret) => {
    expect(secretBytes(secret)).toBeNull()
  })
})
