import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDelivery, signedTime } from '../../../../../core/incidents/read/delivery.ts'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import { PROVIDERS, type Provider } from '../../../../../schema/wire/money.ts'
import {
  datadogAlert,
  githubDeploymentStatus,
  pagerdutyEvent,
  sentryEventAlert,
  sentryIssue,
  sentryMetricAlert,
} from '../../../../support/providers.ts'

const SHA = '0123456789abcdef0123456789abcdef01234567'
const RECEIVED = new Date('2026-11-21T12:00:00.000Z')
const ago = (minutes: number) => new Date(RECEIVED.getTime() - minutes * 60_000)
const read = (provider: Provider, payload: unknown) =>
  readDelivery(provider, utf8(JSON.stringify(payload)), RECEIVED)

const NOTHING = { title: null, url: null, releaseSha: null, stackPaths: [], revertedSha: null }

describe('GitHub', () => {
  const status = (more: object = {}) =>
    githubDeploymentStatus({ repository: 'Example/Shop', id: 42, sha: SHA, at: ago(1), ...more })

  test('a deployment that succeeded', () => {
    expect(read('github', status({ sha: SHA.toUpperCase(), environment: 'Production' }))).toEqual({
      kind: 'deployment',
      providerId: 'example/shop#42',
      hints: { repository: 'example/shop' },
      repository: 'example/shop',
      environment: 'production',
      commitSha: SHA,
      deployedAt: ago(1),
    })
  })

  test.each(['pending', 'failure', 'error', 'in_progress', 'inactive', 'SUCCESS'])(
    'one that is %s',
    (state) => {
      expect(read('github', status({ state }))).toEqual({ kind: 'ignored', reason: 'not_successful' })
    },
  )

  test('a ping, and other events', () => {
    expect(read('github', { zen: 'Keep it logically awesome.', hook_id: 1 })).toEqual({
      kind: 'ignored',
      reason: 'ping',
    })
    expect(read('github', { ref: 'refs/heads/main', after: SHA })).toEqual({
      kind: 'ignored',
      reason: 'not_a_deployment_status',
    })
  })

  test.each<[string, object]>([
    ['no commit', { sha: 'main' }],
    ['no number', { id: -1 }],
    ['a repository that leads elsewhere', { repository: '../../user' }],
    ['a repository with a query', { repository: 'example/shop?x=y' }],
    ['an environment that is too long', { environment: 'p'.repeat(1_000), state: 'success' }],
  ])('with %s cannot be read', (what, more) => {
    const payload = status(more) as { deployment: { environment: string } }
    if (what.startsWith('an environment')) payload.deployment.environment = ''
    expect(read('github', payload)).toEqual({ kind: 'unreadable' })
  })
})

describe('Sentry', () => {
  test('an alert opens its issue, with release and own frames', () => {
    const files = ['src/pay.ts', 'src/cart.ts', 'src/pay.ts', '<anonymous>']
    const alert = { account: 'example', project: 'Shop', issue: '1117540176', at: ago(3) }
    expect(read('sentry', sentryEventAlert({ ...alert, release: `shop@${SHA}`, files }))).toEqual({
      ...NOTHING,
      kind: 'incident',
      providerId: 'issue/1117540176',
      hints: { sentryProjects: ['Shop'] },
      at: ago(3),
      openedAt: ago(3),
      resolvedAt: null,
      title: 'TypeError: x is not a function',
      url: 'https://sentry.io/organizations/example/issues/1117540176/events/e4874d66/',
      releaseSha: SHA,
      stackPaths: ['src/cart.ts', 'src/pay.ts'],
    })
  })

  test('an issue that was created, and one that was resolved, when the webhook came', () => {
    const issue = { project: 'shop', id: '7', firstSeen: ago(30) }
    expect(read('sentry', sentryIssue({ ...issue, action: 'created' }))).toMatchObject({
      providerId: 'issue/7',
      openedAt: ago(30),
      resolvedAt: null,
    })
    expect(read('sentry', sentryIssue({ ...issue, action: 'resolved' }))).toMatchObject({
      providerId: 'issue/7',
      openedAt: ago(30),
      resolvedAt: RECEIVED,
    })
    expect(read('sentry', sentryIssue({ ...issue, action: 'assigned' }))).toMatchObject({ kind: 'ignored' })
  })

  test('a metric alert has its own times', () => {
    const alert = { project: 'shop', identifier: '12', startedAt: ago(20) }
    expect(read('sentry', sentryMetricAlert({ ...alert, action: 'critical' }))).toMatchObject({
      providerId: 'metric/12',
      openedAt: ago(20),
      resolvedAt: null,
    })
    expect(
      read('sentry', sentryMetricAlert({ ...alert, action: 'resolved', closedAt: ago(2) })),
    ).toMatchObject({
      providerId: 'metric/12',
      hints: { sentryProjects: ['shop'] },
      openedAt: ago(20),
      resolvedAt: ago(2),
    })
    expect(read('sentry', sentryMetricAlert({ ...alert, action: 'resolved' }))).toMatchObject({
      resolvedAt: RECEIVED,
    })
  })

  test('an installation, and an issue whose id leads elsewhere', () => {
    expect(read('sentry', { action: 'created', data: { installation: {} } })).toMatchObject({
      kind: 'ignored',
    })
    const issue = sentryIssue({ project: 'shop', id: '../1', action: 'created', firstSeen: ago(1) })
    expect(read('sentry', issue)).toEqual({ kind: 'unreadable' })
  })
})

describe('PagerDuty', () => {
  test('an incident that was triggered, and one that was resolved', () => {
    const opened = pagerdutyEvent({
      id: 'PGR0VU2',
      type: 'incident.triggered',
      at: ago(9),
      openedAt: ago(10),
    })
    expect(read('pagerduty', opened)).toEqual({
      ...NOTHING,
      kind: 'incident',
      providerId: 'PGR0VU2',
      hints: { pagerdutyServices: ['Checkout', 'PF9KMXH'] },
      at: ago(9),
      openedAt: ago(10),
      resolvedAt: null,
      title: 'Checkout is down',
      url: 'https://example.pagerduty.com/incidents/PGR0VU2',
    })
    const resolved = pagerdutyEvent({
      id: 'PGR0VU2',
      type: 'incident.resolved',
      at: ago(1),
      openedAt: ago(10),
    })
    expect(read('pagerduty', resolved)).toMatchObject({ openedAt: ago(10), resolvedAt: ago(1) })
  })

  test('other events', () => {
    const event = pagerdutyEvent({ id: 'P1', type: 'incident.acknowledged', at: ago(1) })
    expect(read('pagerduty', event)).toMatchObject({ kind: 'ignored' })
  })
})

describe('Datadog', () => {
  const alert = (transition: string, tags?: string[]) =>
    read('datadog', datadogAlert({ cycle: 'cycle-1', transition, at: ago(4), ...(tags && { tags }) }))

  test.each(['Triggered', 'Re-Triggered'])('%s opens', (transition) => {
    expect(alert(transition)).toMatchObject({ providerId: 'cycle-1', openedAt: ago(4), resolvedAt: null })
  })

  test('Recovered resolves, and does not say since when', () => {
    expect(alert('Recovered')).toMatchObject({ providerId: 'cycle-1', openedAt: null, resolvedAt: ago(4) })
  })

  test.each(['Warn', 'Re-Warn', 'No Data', 'Renotify', ''])('%j is neither', (transition) => {
    expect(alert(transition)).toMatchObject({ kind: 'ignored' })
  })

  test('tags tell the service and, as a version, the commit', () => {
    expect(alert('Triggered', ['Service:Checkout ', ` version:${SHA}`, ''])).toMatchObject({
      hints: { datadogTags: ['service:checkout', `version:${SHA}`] },
      releaseSha: SHA,
    })
  })

  test('the date may be a number, and has to be one', () => {
    const body = datadogAlert({ cycle: 'c', transition: 'Triggered', at: ago(4) })
    expect(read('datadog', { ...body, date: ago(4).getTime() })).toMatchObject({ openedAt: ago(4) })
    for (const date of ['$DATE', '', '1e15', '9'.repeat(15), -1, null]) {
      expect(read('datadog', { ...body, date }), `${date}`).toEqual({ kind: 'unreadable' })
    }
  })
})

describe('generic webhooks', () => {
  const deploy = { id: 'd-1', service: 'Checkout', commit_sha: SHA, deployed_at: ago(2).toISOString() }
  const incident = {
    id: 'i-1',
    service: 'Checkout',
    title: 'Down',
    status: 'open',
    opened_at: ago(8).toISOString(),
  }

  test('a deployment is to production unless it says otherwise', () => {
    expect(read('deploy', deploy)).toEqual({
      kind: 'deployment',
      providerId: `checkout/d-1@${SHA}`,
      hints: { service: 'checkout' },
      repository: null,
      environment: 'production',
      commitSha: SHA,
      deployedAt: ago(2),
    })
    expect(read('deploy', { ...deploy, environment: 'Staging' })).toMatchObject({ environment: 'staging' })
  })

  test('an incident, open and resolved', () => {
    expect(read('incident', incident)).toMatchObject({
      providerId: 'i-1',
      openedAt: ago(8),
      resolvedAt: null,
    })
    const more = {
      release_sha: SHA,
      stack_paths: ['b', 'a'],
      reverted_sha: SHA,
      url: 'https://example.com/1',
    }
    const resolved = { ...incident, ...more, status: 'resolved', resolved_at: ago(1).toISOString() }
    expect(read('incident', resolved)).toMatchObject({
      resolvedAt: ago(1),
      releaseSha: SHA,
      revertedSha: SHA,
      stackPaths: ['a', 'b'],
      url: 'https://example.com/1',
    })
    expect(read('incident', { ...incident, status: 'resolved' })).toMatchObject({ resolvedAt: RECEIVED })
  })

  test('nothing is moved into the future', () => {
    const ahead = {
      ...incident,
      opened_at: ago(-60).toISOString(),
      status: 'resolved',
      resolved_at: ago(-90).toISOString(),
    }
    expect(read('incident', ahead)).toMatchObject({ openedAt: RECEIVED, resolvedAt: RECEIVED })
  })

  test.each<[Provider, object]>([
    ['deploy', { commit_sha: 'main' }],
    ['deploy', { service: '' }],
    ['deploy', { service: 'a\u0000b' }],
    ['deploy', { deployed_at: 'now' }],
    ['deploy', { id: 'a b' }],
    ['incident', { status: 'unknown' }],
    ['incident', { opened_at: '2026-11-21' }],
    ['incident', { stack_paths: Array(101).fill('a') }],
  ])('%s with %j cannot be read', (provider, more) => {
    expect(read(provider, { ...(provider === 'deploy' ? deploy : incident), ...more })).toEqual({
      kind: 'unreadable',
    })
  })
})

describe.each(PROVIDERS)('hostile bodies of %s', (provider) => {
  const good = [
    githubDeploymentStatus({ repository: 'Example/Shop', id: 42, sha: SHA, at: ago(1) }),
    sentryEventAlert({ account: 'example', project: 'shop', issue: '1', at: ago(3), files: ['a.ts'] }),
    sentryIssue({ project: 'shop', id: '7', action: 'resolved', firstSeen: ago(30) }),
    sentryMetricAlert({ project: 'shop', identifier: '12', action: 'resolved', startedAt: ago(20) }),
    pagerdutyEvent({ id: 'PGR0VU2', type: 'incident.resolved', at: ago(9) }),
    datadogAlert({ cycle: 'c', transition: 'Triggered', at: ago(4) }),
    { id: 'd', service: 's', commit_sha: SHA, deployed_at: ago(2).toISOString() },
    { id: 'i', service: 's', title: 't', status: 'open', opened_at: ago(2).toISOString() },
  ]
  const kinds = ['deployment', 'incident', 'ignored', 'unreadable']

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['no UTF-8', new Uint8Array([0xff, 0xfe, 0x7b])],
    ['no JSON', utf8('{')],
    ['a member twice', utf8('{"event":1,"event":2}')],
    ['nested too deeply', utf8('['.repeat(100_000))],
    ['null', utf8('null')],
    ['a list', utf8('[]')],
    ['a text', utf8('"x"')],
    ['a prototype', utf8('{"__proto__":{"deployment_status":{}},"constructor":1}')],
  ])('%s', (_, body) => {
    const told = readDelivery(provider, body, RECEIVED)
    expect(['ignored', 'unreadable']).toContain(told.kind)
    expect(signedTime(provider, body)).toBeNull()
  })

  test('anything in the place of anything never throws, and what is told can be stored', () => {
    const paths = good.flatMap((payload) => leaves(payload).map((path) => [payload, path] as const))
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('\u0000', '\ud800', '9'.repeat(400), '2026-11-21T11:59:00Z', -1, 1e308, SHA),
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, ([payload, path], replacement) => {
        const told = read(provider, replaced(payload, path, replacement))
        expect(kinds).toContain(told.kind)
        const text = JSON.stringify(told)
        expect(text).not.toContain('\\u0000')
        expect(text.isWellFormed() && !/\\ud[89a-f]/.test(text.replaceAll('\\\\', ''))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

/** Every place of a document, as the members that lead there. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  return [[...path], ...Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]))]
}

function replaced(value: unknown, [name, ...rest]: readonly string[], replacement: unknown): unknown {
  if (name === undefined) return replacement
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>
  copy[name] = replaced(copy[name], rest, replacement)
  return copy
}
