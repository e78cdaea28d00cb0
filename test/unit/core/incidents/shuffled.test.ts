import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { listIncidents } from '../../../../core/incidents/list.ts'
import { inboundTask } from '../../../../core/incidents/process-deliveries.ts'
import { putServices } from '../../../../core/incidents/services.ts'
import {
  datadogAlert,
  githubDeploymentStatus,
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
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import {
  announced,
  deliver,
  type Integrated,
  insure,
  integrate,
  lastLogged,
  listen,
  logged,
  NOBODY,
  processAll,
} from './incidents-support.ts'

const TIMES = 10
/** The pool has ten connections; more would wait for their turn. */
const AT_ONCE = 20
const SHA = 'c0ffee'.padEnd(40, '0')
const OTHER = 'decaf'.padEnd(40, '0')
const NOW = new Date('2026-11-21T12:00:00.000Z')
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)

let core: TestCore
beforeAll(async () => {
  core = await startTestCore()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

type Sent = readonly [Integrated, SignedWebhook]

interface Customer {
  readonly owner: Actor
  readonly policy: string
  /** Each once, in the order in which they happened. */
  readonly webhooks: readonly Sent[]
}

/** A day of a customer with all providers. */
async function customer(name: string): Promise<Customer> {
  const owner = await core.organisation(name)
  const service = {
    name: 'checkout',
    repositories: ['example/shop'],
    environments: ['production'],
    sentry_projects: ['shop-web'],
    pagerduty_services: ['checkout'],
    datadog_tags: [],
  }
  await putServices(core.ctx(), owner, { services: [service] }, UNCLAIMED)
  await listen(core, owner)
  const policy = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(-60) })
  const github = await integrate(core, owner, 'github')
  const sentry = await integrate(core, owner, 'sentry', { account: 'example' })
  const pagerduty = await integrate(core, owner, 'pagerduty')
  const datadog = await integrate(core, owner, 'datadog')
  const deploy = await integrate(core, owner, 'deploy')
  const incident = await integrate(core, owner, 'incident')

  const status = (state: string, id: number, at: number) =>
    githubDeploymentStatus({ repository: 'Example/Shop', id, sha: SHA, at: minutes(at), state })
  const alert = (at: number, release: string, files: string[]) =>
    sentryEventAlert({ account: 'example', project: 'shop-web', issue: '5', at: minutes(at), release, files })
  const metric = { project: 'shop-web', identifier: '6', startedAt: minutes(-3) }
  const page = (type: 'incident.triggered' | 'incident.resolved', at: number) =>
    pagerdutyEvent({ id: 'PSHUFFLED', type, at: minutes(at), openedAt: minutes(-3) })
  const cycle = (transition: string, at: number) =>
    datadogAlert({ cycle: 'shuffled', transition, at: minutes(at) })
  const generic = { id: 'g', service: 'checkout', title: 'Down', opened_at: minutes(-3).toISOString() }
  const shipped = { id: 'd', service: 'checkout', commit_sha: OTHER, deployed_at: minutes(-1).toISOString() }
  const webhooks: Sent[] = [
    [github, signGithub(github.secret, status('in_progress', 1, -5))],
    [github, signGithub(github.secret, status('success', 1, -4))],
    [github, signGithub(github.secret, status('success', 1, -2))],
    [github, signGithub(github.secret, { zen: 'Anything added dilutes everything else.', hook_id: 1 })],
    [sentry, signSentry(sentry.secret, alert(-3, SHA, ['src/pay.ts']))],
    [sentry, signSentry(sentry.secret, alert(-2, OTHER, ['src/cart.ts', 'src/pay.ts']))],
    [sentry, signSentry(sentry.secret, sentryMetricAlert({ ...metric, action: 'warning' }))],
    [sentry, signSentry(sentry.secret, sentryMetricAlert({ ...metric, action: 'critical' }))],
    [
      sentry,
      signSentry(sentry.secret, sentryMetricAlert({ ...metric, action: 'resolved', closedAt: minutes(-1) })),
    ],
    [pagerduty, signPagerduty(pagerduty.secret, page('incident.triggered', -3))],
    [pagerduty, signPagerduty(pagerduty.secret, page('incident.resolved', -1))],
    [datadog, signDatadog(datadog.secret, cycle('Triggered', -3))],
    [datadog, signDatadog(datadog.secret, cycle('Re-Triggered', -2))],
    [datadog, signDatadog(datadog.secret, cycle('Recovered', -1))],
    [deploy, signStandard(deploy.secret, shipped, { at: NOW })],
    [incident, signStandard(incident.secret, { ...generic, status: 'open' }, { at: NOW })],
    [
      incident,
      signStandard(
        incident.secret,
        { ...generic, status: 'resolved', resolved_at: minutes(-1).toISOString(), title: 'Was down' },
        { at: NOW },
      ),
    ],
  ]
  return { owner, policy, webhooks }
}

/** The same order at every run. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  let state = seed
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state
  }
  return items
    .map((item) => ({ item, key: next() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item)
}

/** All that came of it, without what is drawn at random. */
async function effect({ owner, policy }: Customer) {
  const { data } = await listIncidents(core.ctx(), owner, { limit: 100 })
  const incidents = data.map(({ id: _, incident_id: __, integration_id: ___, ...rest }) => rest)
  const deployments = await core.db.owner`
    SELECT provider, provider_id, service, repository, environment, commit_sha, deployed_at, received_at, fact_state
    FROM deployments WHERE organisation_id = ${owner.organisationId} ORDER BY provider`
  const [policyRow] = await core.db.owner`
    SELECT status FROM insurance_policies WHERE id = ${policy}`
  const told = Object.values(await announced(core, owner))
  return {
    incidents: incidents.sort((one, other) => (one.provider_id < other.provider_id ? -1 : 1)),
    deployments,
    policy: policyRow,
    told,
  }
}

test('every webhook ten times, shuffled and in parallel, has the effect of one', async () => {
  const orderly = await customer('Orderly')
  for (const [to, webhook] of orderly.webhooks) await deliver(core.ctx(NOW), to, webhook)
  await processAll(core.ctx(NOW))
  const expected = await effect(orderly)
  expect(expected.incidents).toHaveLength(5)
  expect(expected.incidents.filter((incident) => incident.settlement === 'due')).toHaveLength(4)
  expect(expected.deployments).toHaveLength(2)
  expect(expected.policy).toEqual({ status: 'active' })
  // A policy that was activated, five incidents that were opened, four of them resolved.
  expect(expected.told).toEqual(Array(10).fill(1))

  for (const seed of [1, 2, 3]) {
    const chaotic = await customer(`Chaotic ${seed}`)
    const since = await lastLogged(core)
    const all = shuffle(
      chaotic.webhooks.flatMap((sent) => Array<Sent>(TIMES).fill(sent)),
      seed,
    )
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const wave = all.slice(from, from + AT_ONCE)
      const working = Array.from({ length: 3 }, () => inboundTask.run(core.ctx(NOW), NOBODY))
      await Promise.all([...wave.map(([to, webhook]) => deliver(core.ctx(NOW), to, webhook)), ...working])
    }
    await processAll(core.ctx(NOW))
    expect(await effect(chaotic)).toEqual(expected)
    expect(await logged(core, since)).toEqual({
      'policy.activated': 1,
      'incident.opened': 5,
      'incident.resolved': 4,
    })
    const [stored] = await core.db.owner`
      SELECT count(*)::int AS count, count(*) FILTER (WHERE state = 'pending')::int AS pending FROM inbound_deliveries
      WHERE integration_id IN ${core.db.owner([...new Set(chaotic.webhooks.map(([to]) => to.id))])}`
    expect(stored).toEqual({ count: chaotic.webhooks.length, pending: 0 })
  }
})
