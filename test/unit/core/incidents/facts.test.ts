import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outside } from '../../../../core/back-office/outside.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { factsTask } from '../../../../core/incidents/confirm-facts.ts'
import type { DeploymentRow, IncidentRow } from '../../../../core/incidents/rows.ts'
import { putServices } from '../../../../core/incidents/services.ts'
import { deployments, incidents } from '../../../../schema/tables/index.ts'
import { createProviderApis } from '../../../../workers/core/adapters/provider-apis.ts'
import {
  githubDeploymentStatus,
  type PlayedProviders,
  pagerdutyEvent,
  sentryEventAlert,
  sentryIssue,
  signGithub,
  signPagerduty,
  signSentry,
  startProviders,
} from '../../../support/providers.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { announced, deliver, insure, integrate, listen, processAll } from './incidents-support.ts'

const SHA = 'c0ffee'.padEnd(40, '0')
const REVERT = 'decaf'.padEnd(40, '0')
const NOW = new Date('2026-11-21T12:00:00.000Z')
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const seconds = (count: number) => new Date(NOW.getTime() + count * 1_000)

let core: TestCore
let providers: PlayedProviders
let outside: Outside
beforeAll(async () => {
  core = await startTestCore()
  providers = await startProviders()
  outside = { providers: createProviderApis(providers.variables) } as Outside
}, START_LIMIT_MS)
afterAll(async () => {
  await providers?.stop()
  await core?.db.stop()
})

const ask = (now: Date) => factsTask.run(core.ctx(now), outside)

async function customer(name: string): Promise<Actor> {
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
  return owner
}

async function theDeployment({ organisationId }: Actor): Promise<DeploymentRow> {
  const rows = await core.db.database.asSystem((tx) => tx.select().from(deployments))
  return rows.find((row) => row.organisationId === organisationId)!
}

async function theIncident({ organisationId }: Actor): Promise<IncidentRow> {
  const rows = await core.db.database.asSystem((tx) => tx.select().from(incidents))
  return rows.find((row) => row.organisationId === organisationId)!
}

let numbers = 100
async function deployed(name: string, more: { told?: object; token?: string } = {}) {
  const owner = await customer(name)
  const id = numbers++
  const to = await integrate(core, owner, 'github', { api_token: more.token ?? providers.github.token })
  const told = { repository: 'Example/Shop', id, sha: SHA, at: minutes(-1), ...more.told }
  await deliver(core.ctx(NOW), to, signGithub(to.secret, githubDeploymentStatus(told)))
  await processAll(core.ctx(NOW))
  return { owner, id, known: { repository: 'Example/Shop', id, sha: SHA, at: minutes(-2) } }
}

describe('a deployment', () => {
  test('that GitHub knows is dated by GitHub, and activates what was bound before it', async () => {
    const { owner, known } = await deployed('Confirmed')
    providers.github.deploy(known)
    const before = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(-3) })
    const between = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(-1.5) })
    expect(await ask(NOW)).toEqual({ done: 1, nextAt: null })
    expect(await theDeployment(owner)).toMatchObject({
      factState: 'confirmed',
      deployedAt: minutes(-2),
      nextFactAt: null,
      fact: {
        commit_sha: SHA,
        environment: 'production',
        deployed_at: minutes(-2).toISOString(),
        state: 'success',
        reverted_sha: null,
      },
    })
    const rows = await core.db.owner<{ id: string; status: string }[]>`
      SELECT id, status FROM insurance_policies WHERE organisation_id = ${owner.organisationId}`
    expect(Object.fromEntries(rows.map((row) => [row.id, row.status]))).toEqual({
      [before]: 'active',
      [between]: 'bound',
    })
  })

  test('stays as it was confirmed, whatever webhooks come after', async () => {
    const { owner, known, id } = await deployed('Afterwards')
    providers.github.deploy(known)
    await ask(NOW)
    const to = await integrate(core, owner, 'github')
    const told = { repository: 'Example/Shop', id, sha: REVERT, at: minutes(-4) }
    await deliver(core.ctx(NOW), to, signGithub(to.secret, githubDeploymentStatus(told)))
    await processAll(core.ctx(NOW))
    expect(await theDeployment(owner)).toMatchObject({ commitSha: SHA, deployedAt: minutes(-2) })
  })

  test('of a commit that reverts another says which', async () => {
    const { owner, id } = await deployed('Reverting', { told: { sha: REVERT } })
    const message = `Revert "Faster"\n\nThis reverts commit ${SHA}.\n`
    providers.github.commit({ repository: 'Example/Shop', sha: REVERT, message })
    providers.github.deploy({ repository: 'Example/Shop', id, sha: REVERT, at: minutes(-1) })
    await ask(NOW)
    expect((await theDeployment(owner)).fact).toMatchObject({ reverted_sha: SHA })
  })

  test('of another commit is refuted, and activates nothing', async () => {
    const { owner, known } = await deployed('Refuted')
    const policy = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(-3) })
    providers.github.deploy({ ...known, sha: REVERT })
    await ask(NOW)
    expect(await theDeployment(owner)).toMatchObject({ factState: 'refuted', fact: null })
    const [row] = await core.db.owner`SELECT status FROM insurance_policies WHERE id = ${policy}`
    expect(row).toEqual({ status: 'bound' })
  })

  test.each([
    ['that GitHub does not know', 'properly', 'refuted', 'bound'],
    ['that GitHub cannot be asked for', 'an error', 'unavailable', 'active'],
  ] as const)('%s is asked for after 1 s, 5 s and 10 s, and then %s', async (_, how, factState, status) => {
    const { owner } = await deployed(`Asked ${how}`)
    const policy = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(-3) })
    providers.github.answer(how)
    try {
      expect(await ask(NOW)).toEqual({ done: 1, nextAt: seconds(1) })
      expect(await ask(seconds(0.5))).toEqual({ done: 0, nextAt: seconds(1) })
      expect(await ask(seconds(1))).toEqual({ done: 1, nextAt: seconds(6) })
      expect(await ask(seconds(6))).toEqual({ done: 1, nextAt: seconds(16) })
      expect(await theDeployment(owner)).toMatchObject({ factState: 'pending', factAttempts: 3 })
      expect(await ask(seconds(16))).toEqual({ done: 1, nextAt: null })
    } finally {
      providers.github.answer('properly')
    }
    expect(await theDeployment(owner)).toMatchObject({ factState, fact: null, deployedAt: minutes(-1) })
    const [row] = await core.db.owner`SELECT status FROM insurance_policies WHERE id = ${policy}`
    expect(row).toEqual({ status })
  })

  test('with a token that GitHub refuses is not known', async () => {
    const { owner, known } = await deployed('Refused', { token: 'wrong' })
    providers.github.deploy(known)
    for (const second of [0, 1, 6, 16]) await ask(seconds(second))
    expect(await theDeployment(owner)).toMatchObject({ factState: 'unavailable' })
  })
})

describe('an incident', () => {
  let pages = 0
  async function paged(name: string) {
    const owner = await customer(name)
    await listen(core, owner)
    const to = await integrate(core, owner, 'pagerduty', { api_token: providers.pagerduty.token })
    const id = `PFACT${pages++}`
    const send = async (type: 'incident.triggered' | 'incident.resolved', now: Date) => {
      const event = pagerdutyEvent({ id, type, at: now, openedAt: minutes(-5) })
      await deliver(core.ctx(now), to, signPagerduty(to.secret, event))
      await processAll(core.ctx(now))
    }
    return { owner, id, send }
  }

  test('is confirmed when it opens, and again when it is over; then it is as its provider says', async () => {
    const { owner, id, send } = await paged('Paged')
    await send('incident.triggered', minutes(-4))
    providers.pagerduty.incident({ id, openedAt: minutes(-6) })
    await ask(minutes(-4))
    expect(await theIncident(owner)).toMatchObject({
      factState: 'confirmed',
      openedAt: minutes(-6),
      resolvedAt: null,
      settlement: 'open',
    })
    await send('incident.resolved', minutes(9))
    expect(await theIncident(owner)).toMatchObject({
      factState: 'pending',
      factAttempts: 0,
      settlement: 'due',
      openedAt: minutes(-6),
      resolvedAt: minutes(9),
    })
    providers.pagerduty.incident({ id, openedAt: minutes(-6), resolvedAt: minutes(7) })
    await ask(minutes(10))
    const incident = await theIncident(owner)
    expect(incident).toMatchObject({
      factState: 'confirmed',
      openedAt: minutes(-6),
      resolvedAt: minutes(7),
      nextSettlementAt: minutes(10),
      fact: {
        opened_at: minutes(-6).toISOString(),
        resolved_at: minutes(7).toISOString(),
        release_sha: null,
        stack_paths: [],
      },
    })
    // What is told afterwards changes nothing of what was confirmed.
    await send('incident.triggered', minutes(11))
    expect(await theIncident(owner)).toMatchObject({ openedAt: minutes(-6), resolvedAt: minutes(7) })
    expect(await announced(core, owner)).toEqual({
      [`incident.opened ${incident.id}`]: 1,
      [`incident.resolved ${incident.id}`]: 1,
    })
  })

  test('whose end its provider tells first is resolved by that, once', async () => {
    const { owner, id, send } = await paged('First')
    await send('incident.triggered', NOW)
    providers.pagerduty.incident({ id, openedAt: minutes(-5), resolvedAt: minutes(-1) })
    await ask(minutes(1))
    expect(await theIncident(owner)).toMatchObject({
      factState: 'confirmed',
      settlement: 'due',
      resolvedAt: minutes(-1),
    })
    await send('incident.resolved', minutes(2))
    const incident = await theIncident(owner)
    expect(incident).toMatchObject({ factState: 'confirmed', resolvedAt: minutes(-1) })
    expect(Object.values(await announced(core, owner))).toEqual([1, 1])
  })

  test('that its provider says began at another time is refuted, and stays as it was told', async () => {
    const { owner, id, send } = await paged('Another time')
    await send('incident.triggered', NOW)
    await send('incident.resolved', minutes(9))
    providers.pagerduty.incident({ id, openedAt: minutes(-500), resolvedAt: minutes(9) })
    await ask(minutes(9))
    expect(await theIncident(owner)).toMatchObject({
      factState: 'refuted',
      fact: null,
      openedAt: minutes(-5),
    })
  })

  test('that its provider says goes on is asked for again, and refuted in the end', async () => {
    const { owner, id, send } = await paged('Goes on')
    await send('incident.triggered', NOW)
    await send('incident.resolved', NOW)
    providers.pagerduty.incident({ id, openedAt: minutes(-5) })
    expect(await ask(NOW)).toEqual({ done: 1, nextAt: seconds(1) })
    for (const second of [1, 6, 16]) await ask(seconds(second))
    expect(await theIncident(owner)).toMatchObject({ factState: 'refuted' })
  })

  test('whose end became known while it was asked for is asked for again', async () => {
    const { owner, id, send } = await paged('Meanwhile')
    await send('incident.triggered', NOW)
    providers.pagerduty.incident({ id, openedAt: minutes(-5) })
    const apis = createProviderApis(providers.variables)
    const slow = {
      ...apis,
      async pagerdutyIncident(...asked: Parameters<typeof apis.pagerdutyIncident>) {
        const answer = await apis.pagerdutyIncident(...asked)
        await send('incident.resolved', minutes(3))
        // Another run has taken it up already: the same number of attempts.
        await core.db
          .owner`UPDATE incidents SET fact_attempts = 1 WHERE organisation_id = ${owner.organisationId}`
        return answer
      },
    }
    await factsTask.run(core.ctx(NOW), { providers: slow } as unknown as Outside)
    expect(await theIncident(owner)).toMatchObject({ factState: 'pending', settlement: 'due', fact: null })
    providers.pagerduty.incident({ id, openedAt: minutes(-5), resolvedAt: minutes(2) })
    await ask(minutes(3))
    expect(await theIncident(owner)).toMatchObject({ factState: 'confirmed', resolvedAt: minutes(2) })
  })

  test('of Sentry brings its release and its frames', async () => {
    const owner = await customer('Sentry')
    const account = 'example'
    const to = await integrate(core, owner, 'sentry', { account, api_token: providers.sentry.token })
    const alert = { account, project: 'shop-web', issue: '31', at: minutes(-1), release: 'forged' }
    await deliver(core.ctx(NOW), to, signSentry(to.secret, sentryEventAlert(alert)))
    const issue = { project: 'shop-web', id: '31', firstSeen: minutes(-2) }
    await deliver(core.ctx(NOW), to, signSentry(to.secret, sentryIssue({ ...issue, action: 'resolved' })))
    await processAll(core.ctx(NOW))
    providers.sentry.issue({
      account,
      id: '31',
      firstSeen: minutes(-30),
      release: SHA,
      files: ['src/pay.ts'],
    })
    providers.sentry.resolveIssue({ account, id: '31', at: minutes(-1) })
    await ask(NOW)
    expect(await theIncident(owner)).toMatchObject({
      factState: 'confirmed',
      // The issue is older than its alert.
      openedAt: minutes(-30),
      resolvedAt: minutes(-1),
      releaseSha: null,
      fact: { release_sha: SHA, stack_paths: ['src/pay.ts'] },
    })
  })

  test('without a token, or of Sentry without an account, is never asked for', async () => {
    const owner = await customer('Without')
    const to = await integrate(core, owner, 'sentry', { api_token: providers.sentry.token })
    const alert = { account: 'example', project: 'shop-web', issue: '32', at: minutes(-1) }
    await deliver(core.ctx(NOW), to, signSentry(to.secret, sentryEventAlert(alert)))
    await processAll(core.ctx(NOW))
    expect(await theIncident(owner)).toMatchObject({ factState: 'unavailable', nextFactAt: null })
    expect(await ask(NOW)).toEqual({ done: 0, nextAt: null })
  })
})
