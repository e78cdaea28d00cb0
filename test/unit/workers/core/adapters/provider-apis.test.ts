import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Fetched, ProviderApis } from '../../../../../core/incidents/providers.ts'
import { createProviderApis } from '../../../../../workers/core/adapters/provider-apis.ts'
import { type Answering, type PlayedProviders, startProviders } from '../../../../support/providers.ts'

const SHA = 'c0ffee'.padEnd(40, '0')
const OTHER = 'decaf'.padEnd(40, '0')
const AT = Date.UTC(2026, 10, 21, 12)
const at = (minutes: number) => new Date(AT + minutes * 60_000)

let providers: PlayedProviders
let apis: ProviderApis
beforeAll(async () => {
  providers = await startProviders()
  apis = createProviderApis(providers.variables)
})
afterAll(() => providers?.stop())
afterEach(() => {
  for (const provider of [providers.github, providers.sentry, providers.pagerduty])
    provider.answer('properly')
})

const deployment = (more: object = {}, token = providers.github.token) =>
  apis.githubDeployment(token, { repository: 'Example/shop', deploymentId: '1', ...more })
const revert = (more: object = {}) =>
  apis.githubRevert(providers.github.token, { repository: 'example/shop', sha: SHA, ...more })
const sentry = (providerId: string, account = 'example') =>
  apis.sentryIncident(providers.sentry.token, { account, providerId })
const pagerduty = (providerId: string) => apis.pagerdutyIncident(providers.pagerduty.token, { providerId })

describe('a deployment at GitHub', () => {
  const repository = 'example/shop'

  test('succeeded when it first did', async () => {
    const states = [
      { state: 'in_progress', at: at(0) },
      { state: 'success', at: at(1) },
      { state: 'success', at: at(2) },
      { state: 'inactive', at: at(9) },
    ]
    providers.github.deploy({ repository, id: 1, sha: SHA, at: at(0), states })
    expect(await deployment({ repository })).toEqual({
      state: 'found',
      fact: { commitSha: SHA, environment: 'production', deployedAt: at(1), state: 'success' },
    })
  })

  test('that did not succeed says how it stands', async () => {
    const states = [
      { state: 'in_progress', at: at(0) },
      { state: 'failure', at: at(1) },
    ]
    providers.github.deploy({ repository, id: 2, sha: SHA, at: at(0), states })
    const fact = { commitSha: SHA, environment: 'production', deployedAt: at(1), state: 'failure' }
    expect(await deployment({ repository, deploymentId: '2' })).toEqual({ state: 'found', fact })
  })

  test('without any status is pending', async () => {
    providers.github.deploy({ repository, id: 3, sha: SHA, at: at(4), states: [] })
    expect(await deployment({ repository, deploymentId: '3' })).toMatchObject({
      fact: { deployedAt: at(4), state: 'pending' },
    })
  })

  test('that is not there is missing', async () => {
    expect(await deployment({ deploymentId: '404' })).toEqual({ state: 'missing' })
  })

  test('cannot be asked for with a wrong token', async () => {
    providers.github.deploy({ repository, id: 1, sha: SHA, at: at(0) })
    expect(await deployment({ repository }, 'wrong')).toEqual({ state: 'unavailable' })
  })
})

describe('what a commit reverts', () => {
  const message = `Revert "Faster"\n\nThis reverts commit ${OTHER}.\n`
  const repository = 'example/shop'

  test.each([
    ['git revert', message, OTHER],
    ['a revert of a merge', message.replace('.\n', ', reversing\nchanges made to 1234.\n'), OTHER],
    ['another message', 'Faster', null],
    ['one that speaks of reverts', `Explain "This reverts commit ${OTHER}"`, null],
    ['one that is abbreviated', 'This reverts commit decaf00.', null],
  ])('is found in %s', async (_, text, revertedSha) => {
    providers.github.commit({ repository, sha: SHA, message: text })
    expect(await revert()).toEqual({ state: 'found', fact: { revertedSha } })
  })

  test('is found in what a merge brought in', async () => {
    const merged = 'beef'.padEnd(40, '0')
    providers.github.commit({ repository, sha: SHA, message: 'Merge #7', parents: ['0'.repeat(40), merged] })
    providers.github.commit({ repository, sha: merged, message })
    expect(await revert()).toEqual({ state: 'found', fact: { revertedSha: OTHER } })
  })

  test('is missing with the commit', async () => {
    expect(await revert({ sha: 'f'.repeat(40) })).toEqual({ state: 'missing' })
  })
})

describe('an issue at Sentry', () => {
  const account = 'example'

  test('began when it was first seen, and has what its latest event has', async () => {
    const files = ['src/b.ts', 'src/a.ts', 'src/b.ts']
    providers.sentry.issue({ account, id: '1', firstSeen: at(0), release: `shop@1.2+${SHA}`, files })
    const fact = { openedAt: at(0), releaseSha: SHA, stackPaths: ['src/a.ts', 'src/b.ts'] }
    expect(await sentry('issue/1')).toEqual({ state: 'found', fact: { ...fact, resolvedAt: null } })
    providers.sentry.resolveIssue({ account, id: '1', at: at(30) })
    expect(await sentry('issue/1')).toEqual({ state: 'found', fact: { ...fact, resolvedAt: at(30) } })
  })

  test('that came back began then', async () => {
    providers.sentry.issue({ account, id: '2', firstSeen: at(-9_000) })
    providers.sentry.resolveIssue({ account, id: '2', at: at(-8_000) })
    providers.sentry.reopenIssue({ account, id: '2', at: at(10) })
    expect(await sentry('issue/2')).toMatchObject({ fact: { openedAt: at(10), resolvedAt: null } })
    providers.sentry.resolveIssue({ account, id: '2', at: at(20) })
    expect(await sentry('issue/2')).toMatchObject({ fact: { openedAt: at(10), resolvedAt: at(20) } })
  })

  test('of another account, or that is none, is missing', async () => {
    expect(await sentry('issue/1', 'other')).toEqual({ state: 'missing' })
    expect(await sentry('issue/404')).toEqual({ state: 'missing' })
    expect(await sentry('event/1')).toEqual({ state: 'missing' })
  })
})

test("a metric alert's incident at Sentry has its own times", async () => {
  providers.sentry.metric({ account: 'example', identifier: '5', startedAt: at(0) })
  const fact = { openedAt: at(0), resolvedAt: null, releaseSha: null, stackPaths: [] }
  expect(await sentry('metric/5')).toEqual({ state: 'found', fact })
  providers.sentry.metric({ account: 'example', identifier: '5', startedAt: at(0), closedAt: at(8) })
  expect(await sentry('metric/5')).toEqual({ state: 'found', fact: { ...fact, resolvedAt: at(8) } })
})

test('an incident at PagerDuty has its own times', async () => {
  providers.pagerduty.incident({ id: 'PGR0VU2', openedAt: at(0) })
  const fact = { openedAt: at(0), resolvedAt: null, releaseSha: null, stackPaths: [] }
  expect(await pagerduty('PGR0VU2')).toEqual({ state: 'found', fact })
  providers.pagerduty.incident({ id: 'PGR0VU2', openedAt: at(0), resolvedAt: at(7) })
  expect(await pagerduty('PGR0VU2')).toEqual({ state: 'found', fact: { ...fact, resolvedAt: at(7) } })
})

describe('what a customer told', () => {
  test.each([
    { repository: '../..' },
    { repository: 'example/..' },
    { repository: './shop' },
    { repository: 'example/shop/../../user' },
    { repository: 'example/shop?x=' },
    { repository: 'example/shop#' },
    { repository: '//elsewhere.example' },
    { deploymentId: '1/statuses/../..' },
    { deploymentId: '' },
    { deploymentId: '%2e%2e' },
  ])('%j leads to no path but its own: nothing is asked', async (more) => {
    const before = providers.github.requests.length
    expect(await deployment(more)).toEqual({ state: 'missing' })
    expect(providers.github.requests).toHaveLength(before)
  })

  test.each(['issue/..', 'issue/1/../..', 'issue/', 'issue', 'metric/1?x', '../../user'])(
    'the id %j of Sentry is none',
    async (providerId) => {
      const before = providers.sentry.requests.length
      expect(await sentry(providerId)).toEqual({ state: 'missing' })
      expect(providers.sentry.requests).toHaveLength(before)
    },
  )

  test.each(['../users', 'P1/alerts', 'P1?x=y', ''])('the id %j of PagerDuty is none', async (id) => {
    const before = providers.pagerduty.requests.length
    expect(await pagerduty(id)).toEqual({ state: 'missing' })
    expect(providers.pagerduty.requests).toHaveLength(before)
  })

  test('the account of Sentry is no path', async () => {
    const before = providers.sentry.requests.length
    expect(await sentry('issue/1', '../..')).toEqual({ state: 'missing' })
    expect(providers.sentry.requests).toHaveLength(before)
  })
})

describe.each<Answering>([
  'an error',
  'too many requests',
  'garbage',
  'other JSON',
  'a redirect',
  'too much',
])('an API that answers with %s', (how) => {
  test('is not available, and nothing is thrown', async () => {
    providers.github.deploy({ repository: 'example/shop', id: 1, sha: SHA, at: at(0) })
    for (const provider of [providers.github, providers.sentry, providers.pagerduty]) provider.answer(how)
    const before = providers.github.requests.length
    const answers: Fetched<unknown>[] = await Promise.all([
      deployment({ repository: 'example/shop' }),
      revert(),
      sentry('issue/1'),
      sentry('metric/5'),
      pagerduty('PGR0VU2'),
    ])
    expect(answers).toEqual(Array(5).fill({ state: 'unavailable' }))
    // No redirect is followed: two for the deployment, one for the commit.
    expect(providers.github.requests).toHaveLength(before + 3)
  })
})

test('an API that does not answer is given up', async () => {
  providers.pagerduty.answer('nothing')
  expect(await pagerduty('PGR0VU2')).toEqual({ state: 'unavailable' })
}, 20_000)

test('an API that is not there is not available', async () => {
  const away = createProviderApis({ PAGERDUTY_API_URL: 'http://127.0.0.1:9/' })
  expect(await away.pagerdutyIncident('token', { providerId: 'P1' })).toEqual({ state: 'unavailable' })
})
