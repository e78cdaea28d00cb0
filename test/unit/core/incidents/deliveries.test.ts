import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { WebhookRejected } from '../../../../core/incidents/accept-delivery.ts'
import { expireDeliveries } from '../../../../core/incidents/expire-deliveries.ts'
import { listIncidents, readIncident } from '../../../../core/incidents/list.ts'
import { inboundTask } from '../../../../core/incidents/process-deliveries.ts'
import { putServices } from '../../../../core/incidents/services.ts'
import { updateIntegration } from '../../../../core/incidents/update-integration.ts'
import { INCIDENT_ID_PATTERN } from '../../../../schema/wire/money.ts'
import {
  datadogAlert,
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
} from '../../../support/providers.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
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

const SHA = 'c0ffee'.padEnd(40, '0')
const NOW = new Date('2026-11-21T12:00:00.000Z')
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const SERVICES = {
  services: [
    {
      name: 'checkout',
      repositories: ['example/shop'],
      environments: ['production'],
      sentry_projects: ['shop-web'],
      pagerduty_services: ['checkout'],
      datadog_tags: ['service:checkout'],
    },
  ],
}

let core: TestCore
beforeAll(async () => {
  core = await startTestCore()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const at = (count: number) => core.ctx(minutes(count))
const wholePage = { limit: 100 }

async function customer(name: string): Promise<Actor> {
  const owner = await core.organisation(name)
  await putServices(core.ctx(), owner, SERVICES, UNCLAIMED)
  await listen(core, owner)
  return owner
}

async function states(to: Integrated) {
  return core.db.owner<{ state: string; outcome: string | null }[]>`
    SELECT state, outcome FROM inbound_deliveries WHERE integration_id = ${to.id} ORDER BY id`
}

describe('accepting', () => {
  let owner: Actor
  let github: Integrated
  beforeAll(async () => {
    owner = await customer('Accepting')
    github = await integrate(core, owner, 'github')
  })
  const status = (more: object = {}) =>
    githubDeploymentStatus({ repository: 'Example/Shop', id: 1, sha: SHA, at: NOW, ...more })

  test('stores what is signed, once, whatever its unsigned headers say', async () => {
    for (let i = 0; i < 3; i++) await deliver(at(0), github, signGithub(github.secret, status()))
    expect(await states(github)).toEqual([{ state: 'pending', outcome: null }])
  })

  test('refuses what is forged, stale or from the future, and stores nothing of it', async () => {
    const before = await states(github)
    const refused = async (webhook: SignedWebhook) => {
      const error = await deliver(at(0), github, webhook).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(WebhookRejected)
      const { code, reason } = error as WebhookRejected
      return [code, reason]
    }
    const other = signGithub(`${github.secret}x`, status({ id: 2 }))
    expect(await refused(other)).toEqual(['webhook_signature_invalid', 'signature'])
    const stale = signGithub(github.secret, status({ at: minutes(-3 * 24 * 60 - 1) }))
    expect(await refused(stale)).toEqual(['webhook_time_invalid', 'stale'])
    const future = signGithub(github.secret, status({ at: minutes(6) }))
    expect(await refused(future)).toEqual(['webhook_time_invalid', 'future'])
    expect(await states(github)).toEqual(before)
  })

  test('knows no integration that is not there, of another provider, or deleted', async () => {
    const webhook = signGithub(github.secret, status())
    const to = (more: object) => refusalCode(deliver(at(0), { ...github, ...more }, webhook))
    expect(await to({ id: 'int_0000000000000000' })).toBe('integration_not_found')
    expect(await to({ provider: 'sentry' })).toBe('integration_not_found')
    expect(await to({})).toBeNull()
  })

  test('goes by the new secret once it is changed', async () => {
    const changing = await integrate(core, owner, 'datadog')
    const secret = 'another secret of sixteen characters'
    await updateIntegration(core.ctx(), owner, changing.id, { secret }, UNCLAIMED)
    const alert = datadogAlert({ cycle: 'changing', transition: 'Triggered', at: NOW })
    const send = (by: string) => refusalCode(deliver(at(0), changing, signDatadog(by, alert)))
    expect(await send(changing.secret)).toBe('webhook_signature_invalid')
    expect(await send(secret)).toBeNull()
  })
})

describe('processing', () => {
  test('hostile bodies come to nothing, and hold up nobody', async () => {
    const owner = await customer('Hostile')
    const github = await integrate(core, owner, 'github')
    const bodies = [new Uint8Array([0xff, 0xfe]), '{"deployment_status":{}}', '[', { zen: 'x' }]
    for (const body of bodies) await deliver(at(0), github, signGithub(github.secret, body))
    const good = githubDeploymentStatus({ repository: 'example/shop', id: 9, sha: SHA, at: NOW })
    await deliver(at(0), github, signGithub(github.secret, good))
    await processAll(at(0))
    expect(await states(github)).toEqual([
      { state: 'failed', outcome: 'unreadable' },
      { state: 'failed', outcome: 'unreadable' },
      { state: 'failed', outcome: 'unreadable' },
      { state: 'ignored', outcome: 'ping' },
      { state: 'done', outcome: 'deployment' },
    ])
  })

  test('says when it wants to run again: never, if nothing waits', async () => {
    await processAll(at(0))
    expect(await inboundTask.run(at(0), NOBODY)).toEqual({ done: 0, nextAt: null })
  })

  test('leaves the webhooks of the payment provider alone', async () => {
    await core.db.owner`
      INSERT INTO inbound_deliveries (integration_id, provider, key, body, received_at, state, next_attempt_at)
      VALUES ('stripe', 'stripe', 'id:evt_1', '{}', ${NOW}, 'pending', ${NOW})`
    expect(await inboundTask.run(at(1), NOBODY)).toEqual({ done: 0, nextAt: null })
    const [row] = await core.db.owner`SELECT state FROM inbound_deliveries WHERE provider = 'stripe'`
    expect(row).toEqual({ state: 'pending' })
  })

  test('one that always fails is tried again after its lease, and given up in the end', async () => {
    const owner = await customer('Failing')
    const to = await integrate(core, owner, 'datadog')
    const alert = datadogAlert({ cycle: 'failing', transition: 'Triggered', at: NOW })
    await deliver(at(0), to, signDatadog(to.secret, alert))
    // Its integration is gone altogether, which nothing but an error in the database brings about.
    await core.db
      .owner`UPDATE inbound_deliveries SET integration_id = 'int_gone' WHERE integration_id = ${to.id}`
    let after = 0
    for (let attempt = 0; attempt < 30; attempt++) {
      await expect(inboundTask.run(at(after), NOBODY)).rejects.toThrow('could not be processed')
      const wait = Math.min(0.5 * 2 ** attempt, 60)
      expect((await inboundTask.run(at(after), NOBODY)).nextAt).toEqual(minutes(after + wait))
      after += wait
    }
    expect(after).toBeGreaterThan(22 * 60)
    expect(await inboundTask.run(at(after), NOBODY)).toMatchObject({ done: 1, nextAt: null })
    expect(await states({ ...to, id: 'int_gone' })).toEqual([{ state: 'failed', outcome: 'given_up' }])
  })

  test('forgets what was dealt with, after thirty days, and nothing else', async () => {
    const owner = await customer('Forgetting')
    const to = await integrate(core, owner, 'datadog')
    const send = (cycle: string) =>
      deliver(at(0), to, signDatadog(to.secret, datadogAlert({ cycle, transition: 'Warn', at: NOW })))
    await send('dealt-with')
    await processAll(at(0))
    await send('pending')
    await expireDeliveries(at(30 * 24 * 60))
    expect(await states(to)).toHaveLength(2)
    await expireDeliveries(at(30 * 24 * 60 + 1))
    expect(await states(to)).toEqual([{ state: 'pending', outcome: null }])
    await processAll(at(0))
  })
})

describe('a deployment', () => {
  const row = async (to: Integrated) =>
    (await core.db.owner`SELECT * FROM deployments WHERE integration_id = ${to.id}`) as unknown as {
      service: string
      environment: string
      commit_sha: string
      deployed_at: Date
      fact_state: string
      next_fact_at: Date | null
    }[]

  test.each([
    ['is dated by its provider', -2, -2],
    ['is not dated back', -60, -5],
  ])('%s', async (_, deployed, kept) => {
    const owner = await customer('Dating')
    const to = await integrate(core, owner, 'github')
    const told = { repository: 'Example/Shop', id: 5, sha: SHA, at: minutes(deployed) }
    await deliver(at(0), to, signGithub(to.secret, githubDeploymentStatus(told)))
    await processAll(at(30))
    expect(await row(to)).toMatchObject([
      { service: 'checkout', environment: 'production', commit_sha: SHA, deployed_at: minutes(kept) },
    ])
    expect(await row(to)).toMatchObject([{ fact_state: 'unavailable', next_fact_at: null }])
  })

  test('elsewhere than in production is ignored', async () => {
    const owner = await customer('Staging')
    const to = await integrate(core, owner, 'github')
    const told = { repository: 'Example/Shop', id: 6, sha: SHA, at: NOW, environment: 'staging' }
    await deliver(at(0), to, signGithub(to.secret, githubDeploymentStatus(told)))
    await processAll(at(0))
    expect(await states(to)).toEqual([{ state: 'ignored', outcome: 'not_production' }])
    expect(await row(to)).toEqual([])
  })

  test('after binding activates the policy; one before does not, nor one of another service or organisation', async () => {
    const owner = await customer('Insured')
    const stranger = await customer('Stranger')
    const bound = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(-10) })
    const later = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(1) })
    const search = await insure(core, owner, { commitSha: SHA, service: 'search', boundAt: minutes(-10) })
    const theirs = await insure(core, stranger, {
      commitSha: SHA,
      service: 'checkout',
      boundAt: minutes(-10),
    })
    const to = await integrate(core, owner, 'deploy')
    const body = { id: 'd1', service: 'Checkout', commit_sha: SHA, deployed_at: minutes(-1).toISOString() }
    await deliver(at(0), to, signStandard(to.secret, body, { at: NOW }))
    await processAll(at(2))
    const rows = await core.db.owner<{ id: string; status: string; activated_at: Date | null }[]>`
      SELECT id, status, activated_at FROM insurance_policies WHERE id IN ${core.db.owner([bound, later, search, theirs])}`
    const of = (id: string) => rows.find((policy) => policy.id === id)
    expect(of(bound)).toMatchObject({ status: 'active', activated_at: minutes(-1) })
    for (const id of [later, search, theirs]) expect(of(id)).toMatchObject({ status: 'bound' })
  })

  test('waits for its fact where its provider can be asked', async () => {
    const owner = await customer('Asking')
    const policy = await insure(core, owner, { commitSha: SHA, service: 'checkout', boundAt: minutes(-10) })
    const to = await integrate(core, owner, 'github', { api_token: 'token' })
    const told = { repository: 'Example/Shop', id: 7, sha: SHA, at: NOW }
    await deliver(at(0), to, signGithub(to.secret, githubDeploymentStatus(told)))
    await processAll(at(1))
    expect(await row(to)).toMatchObject([{ fact_state: 'pending', next_fact_at: minutes(1) }])
    const [after] = await core.db.owner`SELECT status FROM insurance_policies WHERE id = ${policy}`
    expect(after).toEqual({ status: 'bound' })
  })
})

describe('an incident', () => {
  test('opens, is resolved, and is told of at each step', async () => {
    const owner = await customer('Steps')
    const to = await integrate(core, owner, 'sentry', { account: 'example' })
    const since = await lastLogged(core)
    const alert = { account: 'example', project: 'shop-web', issue: '77', at: minutes(-3) }
    const files = ['src/pay.ts']
    await deliver(at(-2), to, signSentry(to.secret, sentryEventAlert({ ...alert, release: SHA, files })))
    await processAll(at(-2))
    const [opened] = (await listIncidents(core.ctx(), owner, wholePage)).data
    expect(opened).toMatchObject({
      provider: 'sentry',
      provider_id: 'issue/77',
      service: 'checkout',
      status: 'open',
      opened_at: minutes(-3).toISOString(),
      resolved_at: null,
      release_sha: SHA,
      stack_paths: ['src/pay.ts'],
      fact_state: 'unavailable',
      settlement: 'open',
      claims: [],
    })
    expect(opened!.id).toMatch(INCIDENT_ID_PATTERN)
    expect(await announced(core, owner)).toEqual({ [`incident.opened ${opened!.id}`]: 1 })

    const issue = { project: 'shop-web', id: '77', firstSeen: minutes(-4) }
    await deliver(at(5), to, signSentry(to.secret, sentryIssue({ ...issue, action: 'resolved' })))
    await processAll(at(5))
    expect(await readIncident(core.ctx(), owner, opened!.id)).toMatchObject({
      status: 'resolved',
      opened_at: minutes(-4).toISOString(),
      resolved_at: minutes(5).toISOString(),
      settlement: 'due',
    })
    expect(await announced(core, owner)).toEqual({
      [`incident.opened ${opened!.id}`]: 1,
      [`incident.resolved ${opened!.id}`]: 1,
    })
    expect(await logged(core, since)).toEqual({ 'incident.opened': 1, 'incident.resolved': 1 })
    const [row] = await core.db.owner`
      SELECT next_settlement_at, resolution_received_at FROM incidents WHERE id = ${opened!.id}`
    expect(row).toEqual({ next_settlement_at: minutes(5), resolution_received_at: minutes(5) })
  })

  test('of which only the end is known is none yet', async () => {
    const owner = await customer('Ends')
    const to = await integrate(core, owner, 'datadog')
    const send = (transition: string, count: number) => {
      const alert = datadogAlert({ cycle: 'cycle-9', transition, at: minutes(count) })
      return deliver(at(count), to, signDatadog(to.secret, alert))
    }
    await send('Recovered', 8)
    await processAll(at(8))
    expect(await listIncidents(core.ctx(), owner, wholePage)).toEqual({ data: [], next_cursor: null })
    expect(await announced(core, owner)).toEqual({})
    await send('Triggered', 2)
    await processAll(at(9))
    const { data } = await listIncidents(core.ctx(), owner, wholePage)
    expect(data).toMatchObject([
      { opened_at: minutes(2).toISOString(), resolved_at: minutes(8).toISOString(), settlement: 'due' },
    ])
    expect(Object.values(await announced(core, owner))).toEqual([1, 1])
  })

  test('that is settled stays so, whatever comes after', async () => {
    const owner = await customer('Settled')
    const to = await integrate(core, owner, 'pagerduty')
    const send = async (type: 'incident.triggered' | 'incident.resolved', count: number) => {
      const event = pagerdutyEvent({ id: 'PSETTLED', type, at: minutes(count), openedAt: NOW })
      await deliver(at(count), to, signPagerduty(to.secret, event))
      await processAll(at(count))
    }
    await send('incident.triggered', 0)
    await send('incident.resolved', 3)
    await core.db
      .owner`UPDATE incidents SET settlement = 'uninsured' WHERE organisation_id = ${owner.organisationId}`
    await send('incident.triggered', 5)
    await send('incident.resolved', 9)
    // Told shorter, it would not be the same outage any more that another incident tells of.
    await send('incident.resolved', 1)
    const { data } = await listIncidents(core.ctx(), owner, wholePage)
    expect(data).toMatchObject([{ settlement: 'uninsured', resolved_at: minutes(3).toISOString() }])
    expect(Object.values(await announced(core, owner))).toEqual([1, 1])
  })

  test("is nobody else's, and no test key's", async () => {
    const owner = await customer('Private')
    const to = await integrate(core, owner, 'pagerduty')
    const event = pagerdutyEvent({ id: 'PPRIVATE', type: 'incident.triggered', at: NOW })
    await deliver(at(0), to, signPagerduty(to.secret, event))
    await processAll(at(0))
    const [incident] = (await listIncidents(core.ctx(), owner, wholePage)).data
    const tester = await core.withKey(owner, ['insurance:read'], false)
    for (const other of [await core.organisation('Other'), tester]) {
      expect((await listIncidents(core.ctx(), other, wholePage)).data).toEqual([])
      expect(await refusalCode(readIncident(core.ctx(), other, incident!.id))).toBe('incident_not_found')
    }
  })

  test('is listed by pages, newest first', async () => {
    const owner = await customer('Pages')
    const to = await integrate(core, owner, 'pagerduty')
    for (let i = 0; i < 5; i++) {
      const event = pagerdutyEvent({ id: `PPAGE${i}`, type: 'incident.triggered', at: NOW })
      await deliver(at(0), to, signPagerduty(to.secret, event))
      await processAll(at(0))
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listIncidents(core.ctx(), owner, { limit: 2, cursor })
      seen.push(...page.data.map((incident) => incident.provider_id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual([4, 3, 2, 1, 0].map((i) => `PPAGE${i}`))
    expect(await refusalCode(listIncidents(core.ctx(), owner, { limit: 2, cursor: 'x' }))).toBe(
      'invalid_cursor',
    )
  })
})
