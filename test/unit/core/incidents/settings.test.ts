import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { createIntegration } from '../../../../core/incidents/create-integration.ts'
import { listIntegrations } from '../../../../core/incidents/list-integrations.ts'
import { putServices, readServices } from '../../../../core/incidents/services.ts'
import { deleteIntegration, updateIntegration } from '../../../../core/incidents/update-integration.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import {
  type CreatedIntegration,
  createdIntegrationSchema,
  createIntegrationRequestSchema,
  integrationSchema,
  putServicesRequestSchema,
  servicesSchema,
} from '../../../../schema/wire/incidents.ts'
import { PROVIDERS, type Provider } from '../../../../schema/wire/money.ts'
import { datadogAlert, signDatadog } from '../../../support/providers.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { deliver, GIVEN_SECRET, insure, integrate } from './incidents-support.ts'

const NOW = new Date('2026-11-21T12:00:00.000Z')

let core: TestCore
let owner: Actor
let tester: Actor
beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation('Owner')
  tester = await core.withKey(owner, ['insurance:read', 'insurance:write'], false)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

describe('services', () => {
  const put = async (actor: Actor, services: object[]) => {
    const request = putServicesRequestSchema.parse({ services })
    const answer = await putServices(core.ctx(NOW), actor, request, UNCLAIMED)
    return servicesSchema.parse(JSON.parse(answer.body)).services
  }

  test('are replaced as a whole, in lower case, each name once', async () => {
    const actor = await core.organisation('Services')
    expect(await put(actor, [{ name: 'Search' }, { name: 'basket' }])).toMatchObject([
      { name: 'basket', environments: ['production'], repositories: [] },
      { name: 'search' },
    ])
    const service = {
      name: ' Checkout ',
      repositories: ['Example/Shop', 'example/shop'],
      environments: ['Production', 'live'],
      sentry_projects: ['Shop-Web'],
      pagerduty_services: ['Checkout Service', 'PF9KMXH'],
      datadog_tags: ['Service:Checkout'],
    }
    const expected = [
      {
        name: 'checkout',
        repositories: ['example/shop'],
        environments: ['production', 'live'],
        sentry_projects: ['shop-web'],
        pagerduty_services: ['checkout service', 'pf9kmxh'],
        datadog_tags: ['service:checkout'],
      },
    ]
    expect(await put(actor, [service])).toEqual(expected)
    expect(await readServices(core.ctx(), actor)).toEqual({ services: expected })
    expect(await put(actor, [])).toEqual([])
  })

  test('that a policy on risk names stay; those of others, and of policies that are over, may go', async () => {
    const actor = await core.organisation('In use')
    const stranger = await core.organisation('Stranger')
    await put(actor, [{ name: 'checkout' }, { name: 'search' }, { name: 'basket' }])
    const commitSha = 'a'.repeat(40)
    await insure(core, actor, { commitSha, service: 'checkout', boundAt: NOW })
    await insure(core, stranger, { commitSha, service: 'search', boundAt: NOW })
    const over = await insure(core, actor, { commitSha, service: 'basket', boundAt: NOW })
    await core.db
      .owner`UPDATE insurance_policies SET status = 'expired', closed_at = now() WHERE id = ${over}`
    expect(await refusalCode(put(actor, [{ name: 'search' }]))).toBe('service_in_use')
    expect(await readServices(core.ctx(), actor)).toMatchObject({
      services: [{ name: 'basket' }, { name: 'checkout' }, { name: 'search' }],
    })
    expect(await put(actor, [{ name: 'checkout', repositories: ['example/shop'] }])).toHaveLength(1)
  })

  test('put at once by many end up as one of them put', async () => {
    const actor = await core.organisation('Many')
    const lists = Array.from({ length: 6 }, (_, i) => [{ name: `a${i}` }, { name: 'shared' }])
    await Promise.all(lists.map((list) => put(actor, list)))
    const { services } = await readServices(core.ctx(), actor)
    expect(services.map(({ name }) => name)).toEqual([expect.stringMatching(/^a\d$/), 'shared'])
  })

  test('are not for test keys', async () => {
    await put(owner, [{ name: 'checkout' }])
    expect(await readServices(core.ctx(), tester)).toEqual({ services: [] })
    expect(await refusalCode(put(tester, []))).toBe('live_key_required')
    expect(await readServices(core.ctx(), await core.organisation('Other'))).toEqual({ services: [] })
  })

  test.each<[string, object]>([
    ['one name twice', { services: [{ name: 'Shop' }, { name: 'shop' }] }],
    ['no name', { services: [{ name: '  ' }] }],
    ['a control character', { services: [{ name: 'a\u0000b' }] }],
    ['a long name', { services: [{ name: 'a'.repeat(101) }] }],
    ['a repository without owner', { services: [{ name: 'a', repositories: ['shop'] }] }],
    ['no environment', { services: [{ name: 'a', environments: [] }] }],
    ['another member', { services: [{ name: 'a', secret: 'b' }] }],
    ['too many', { services: Array.from({ length: 501 }, (_, i) => ({ name: `${i}` })) }],
  ])('with %s are refused', (_, request) => {
    expect(putServicesRequestSchema.safeParse(request).success).toBe(false)
  })
})

describe('an integration', () => {
  const create = async (actor: Actor, request: object, key?: string) => {
    const parsed = createIntegrationRequestSchema.parse(request)
    const claim = { route: 'POST /v1/integrations', key, rawBody: utf8(JSON.stringify(request)) }
    const answer = await once(core.ctx(NOW), actor, claim, (c) =>
      createIntegration(core.ctx(NOW), actor, parsed, c),
    )
    return createdIntegrationSchema.parse(JSON.parse(answer.body))
  }

  test.each<[Provider, RegExp]>([
    ['github', /^[0-9a-f]{64}$/],
    ['datadog', /^[0-9a-f]{64}$/],
    ['deploy', /^whsec_[A-Za-z0-9+/]{43}=$/],
    ['incident', /^whsec_[A-Za-z0-9+/]{43}=$/],
  ])('of %s has a secret that is shown once', async (provider, form) => {
    const key = `create-${provider}`
    const first = await create(owner, { provider, name: 'Ours' }, key)
    expect(first).toMatchObject({ provider, name: 'Ours', account: null, has_api_token: false })
    expect(first.url).toBe(`https://network.example/webhooks/${provider}/${first.id}`)
    expect(first.secret).toMatch(form)
    const again = await create(owner, { provider, name: 'Ours' }, key)
    expect(again).toEqual({ ...first, secret: null, secret_already_shown: true })
    const other = await create(owner, { provider })
    expect(other.secret).not.toBe(first.secret)
    expect(JSON.stringify(await listIntegrations(core.ctx(), owner))).not.toContain(first.secret)
  })

  test.each<Provider>(['sentry', 'pagerduty'])(
    'of %s needs the secret that the provider gave',
    async (provider) => {
      expect(await refusalCode(create(owner, { provider }))).toBe('invalid_input')
      const made = await create(owner, {
        provider,
        secret: GIVEN_SECRET,
        api_token: 'token',
        account: 'example',
      })
      expect(made).toMatchObject({ secret: null, has_api_token: true, account: 'example' })
      expect(made).not.toHaveProperty('secret_already_shown')
    },
  )

  test('of a standard kind takes only a secret of that kind', async () => {
    expect(await refusalCode(create(owner, { provider: 'deploy', secret: GIVEN_SECRET }))).toBe(
      'invalid_input',
    )
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    expect(await create(owner, { provider: 'deploy', secret })).toMatchObject({ secret: null })
  })

  test('keeps secret and token sealed, under names of their own', async () => {
    const made = await create(owner, {
      provider: 'sentry',
      secret: GIVEN_SECRET,
      api_token: 'a token of theirs',
    })
    const [row] = await core.db.owner`SELECT * FROM integrations WHERE id = ${made.id}`
    const sealed = [row!.sealed_secret, row!.sealed_token].map((bytes) => Buffer.from(bytes as Uint8Array))
    for (const bytes of sealed) expect(bytes.toString('latin1')).not.toMatch(/secret|token/)
    const open = (name: string, at: number) =>
      core.keys.openSecret(`${made.id}:${name}`, new Uint8Array(sealed[at]!))
    expect(await open('secret', 0)).toBe(GIVEN_SECRET)
    expect(await open('token', 1)).toBe('a token of theirs')
    await expect(open('token', 0)).rejects.toThrow()
  })

  test('is changed in what is named and left in the rest', async () => {
    const made = await create(owner, {
      provider: 'sentry',
      secret: GIVEN_SECRET,
      api_token: 't',
      account: 'one',
    })
    const update = async (request: object) => {
      const answer = await updateIntegration(core.ctx(), owner, made.id, request, UNCLAIMED)
      return integrationSchema.parse(JSON.parse(answer.body))
    }
    expect(await update({ name: 'Renamed' })).toMatchObject({
      name: 'Renamed',
      account: 'one',
      has_api_token: true,
    })
    expect(await update({ api_token: null })).toMatchObject({ name: 'Renamed', has_api_token: false })
    expect(await update({ account: null, api_token: 'u' })).toMatchObject({
      account: null,
      has_api_token: true,
    })
    const standard = await create(owner, { provider: 'incident' })
    const unfit = updateIntegration(core.ctx(), owner, standard.id, { secret: GIVEN_SECRET }, UNCLAIMED)
    expect(await refusalCode(unfit)).toBe('invalid_input')
  })

  test('that is deleted takes no webhooks, and is gone', async () => {
    const to = await integrate(core, owner, 'datadog')
    const alert = signDatadog(to.secret, datadogAlert({ cycle: 'deleted', transition: 'Triggered', at: NOW }))
    expect(await refusalCode(deliver(core.ctx(NOW), to, alert))).toBeNull()
    const remove = () => deleteIntegration(core.ctx(NOW), owner, to.id, UNCLAIMED)
    expect(JSON.parse((await remove()).body)).toMatchObject({ id: to.id, deleted_at: NOW.toISOString() })
    expect(await refusalCode(deliver(core.ctx(NOW), to, alert))).toBe('integration_not_found')
    expect(await refusalCode(remove())).toBe('integration_not_found')
    const ids = (await listIntegrations(core.ctx(), owner)).map(({ id }) => id)
    expect(ids).not.toContain(to.id)
  })

  test("is nobody else's, and no test key's", async () => {
    const made: CreatedIntegration = await create(owner, { provider: 'github' })
    const stranger = await core.organisation('Stranger')
    const change = (actor: Actor) => updateIntegration(core.ctx(), actor, made.id, { name: 'x' }, UNCLAIMED)
    const remove = (actor: Actor) => deleteIntegration(core.ctx(), actor, made.id, UNCLAIMED)
    for (const attempt of [change, remove]) {
      expect(await refusalCode(attempt(stranger))).toBe('integration_not_found')
      expect(await refusalCode(attempt(tester))).toBe('live_key_required')
    }
    expect(await refusalCode(create(tester, { provider: 'github' }))).toBe('live_key_required')
    expect(await listIntegrations(core.ctx(), stranger)).toEqual([])
    expect(await listIntegrations(core.ctx(), tester)).toEqual([])
  })

  test('is one of a hundred at most', async () => {
    const crowded = await core.organisation('Crowded')
    await core.db.owner`
      INSERT INTO integrations (id, organisation_id, provider, name, sealed_secret, created_at, deleted_at)
      SELECT 'int_' || n, ${crowded.organisationId}, 'github', 'n', '\\x00', now(), CASE WHEN n > 199 THEN now() END
      FROM generate_series(101, 210) n`
    expect(await create(crowded, { provider: 'github' })).toMatchObject({ provider: 'github' })
    expect(await refusalCode(create(crowded, { provider: 'github' }))).toBe('invalid_input')
  })

  test.each<object>([
    { provider: 'gitlab' },
    { provider: 'github', secret: 'short' },
    { provider: 'github', secret: 'not printable ASCII é' },
    { provider: 'github', api_token: 'a\nb' },
    { provider: 'sentry', secret: GIVEN_SECRET, account: '../other' },
    { provider: 'github', url: 'https://example.com' },
    {},
  ])('is not made of %j', (request) => {
    expect(createIntegrationRequestSchema.safeParse(request).success).toBe(false)
  })

  test('can be made for every provider', async () => {
    for (const provider of PROVIDERS) expect((await integrate(core, owner, provider)).secret).not.toBe('')
  })
})
