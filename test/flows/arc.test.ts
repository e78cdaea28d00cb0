import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { incident, ROOT_CAUSE, recordIncident } from '../support/arc.ts'
import { type Answer, call } from '../support/client.ts'
import { expectProblem, issue, makeKey, makeOrganisation } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let network: Network
let other: { id: string; api_key: string }
beforeAll(async () => {
  network = await startNetwork()
  other = await makeOrganisation(network)
})
afterAll(() => network?.stop())

const get = (path: string, key?: string): Promise<Answer> => call(network.baseUrl, path, { key })
const post = (path: string, key: string, body?: object): Promise<Answer> =>
  call(network.baseUrl, path, { method: 'POST', key, ...(body === undefined ? {} : { body }) })
const review = (id: string, decision: string) =>
  post(`/v1/arc/recorded/${id}/review`, network.tenants.operator_key, { decision })
const search = async (key: string) =>
  (await post('/v1/arc/search', key, { files: [{ path: 'src/x.ts', content: ROOT_CAUSE }] })).json.matches

/** A change that holds the root cause among other things. */
const REPEATED = {
  ai_tool: 'claude-code-v1.0',
  files: [
    { path: 'src/again.ts', content: `export const before = 1\n\n${ROOT_CAUSE}\nexport const after = 2\n` },
  ],
}

describe('the public catalogue', () => {
  it('has at least forty entries, each of which can be read by itself and on its page', async () => {
    const { json, headers } = await get('/v1/arc')
    expect(json.data.length).toBeGreaterThanOrEqual(40)
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['cache-control']).toContain('max-age')
    for (const entry of json.data.slice(0, 5)) {
      expect((await get(`/v1/arc/${entry.id}`)).json).toEqual(entry)
      const page = await get(`/arc/${entry.id}`)
      expect(page.status).toBe(200)
      expect(page.text).toContain(entry.id)
    }
  })

  it('is searched by words and severity', async () => {
    const { json } = await get('/v1/arc?severity=critical')
    expect(json.data.length).toBeGreaterThan(0)
    for (const { severity } of json.data) expect(severity).toBe('critical')
    expect((await get('/v1/arc?q=zzzzzz')).json.data).toEqual([])
    expectProblem(await get('/v1/arc?severity=worst'), 422, 'invalid_input')
  })

  it('says so when there is no such entry', async () => {
    expectProblem(await get('/v1/arc/ARC-2026-999'), 404, 'arc_entry_not_found')
    expect((await get('/arc/ARC-2026-999')).status).toBe(404)
    expect((await get('/arc/%22%3E%3Cscript%3E')).status).toBe(404)
  })

  it('has pages that load nothing from elsewhere', async () => {
    for (const path of ['/arc', '/arc?q=%22%3E%3Cscript%3Ealert(1)', '/arc/ARC-2026-001']) {
      const { headers, text, status } = await get(path)
      expect(status).toBe(200)
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(text).not.toContain('<script>')
    }
  })
})

describe('an incident, from one organisation to all', () => {
  let id: string
  let publicId: string

  it('is recorded, and the same code fails from now on: by a number in public, by name for the owner', async () => {
    const before = await issue(network, REPEATED)
    expect(before.json.checks_passed.incident_similarity.reasons).not.toContain('private_matches: 1')
    id = await recordIncident(network)
    const { json } = await issue(network, REPEATED)
    expect(json.checks_passed.incident_similarity).toMatchObject({ result: 'failed', evidence: 'E3' })
    expect(json.checks_passed.incident_similarity.reasons).toContain('private_matches: 1')
    expect(json.risk_score).toBeGreaterThan(before.json.risk_score)
    expect(JSON.stringify(json)).not.toContain(id)
    const report = await get(`/v1/trust/certs/${json.certificate_id}/report`, network.tenants.api_key)
    expect(report.json.incidents).toContainEqual(
      expect.objectContaining({ id, private: true, matched: true, path: 'src/again.ts' }),
    )
  })

  it('is neither seen nor matched by another organisation', async () => {
    expect((await search(network.tenants.api_key)).map((match: { id: string }) => match.id)).toContain(id)
    expect((await search(other.api_key)).map((match: { title: string }) => match.title)).not.toContain(
      incident().title,
    )
    const { json } = await issue(network, REPEATED, { key: other.api_key })
    expect(json.checks_passed.incident_similarity.reasons).not.toContain('private_matches: 1')
    expect((await get('/v1/arc/recorded', other.api_key)).json.data).toEqual([])
    expectProblem(await post(`/v1/arc/recorded/${id}/offer`, other.api_key), 404, 'arc_entry_not_found')
    expect((await get('/v1/arc')).text).not.toContain(incident().title)
  })

  it('is not reviewed before it is offered', async () => {
    expectProblem(await review(id, 'publish'), 409, 'arc_entry_not_offered')
    expect((await get('/v1/arc/offered', network.tenants.operator_key)).json.data).toEqual([])
  })

  it('is offered by its owner and published by an operator', async () => {
    const offered = await post(`/v1/arc/recorded/${id}/offer`, network.tenants.api_key)
    expect(offered.json).toMatchObject({ id, state: 'offered', public_id: null })
    const list = await get('/v1/arc/offered', network.tenants.operator_key)
    expect(list.json.data.map((entry: { id: string }) => entry.id)).toEqual([id])
    const published = await review(id, 'publish')
    expect(published.json).toMatchObject({ id, state: 'published' })
    publicId = published.json.public_id
    expect(publicId).toMatch(/^ARC-\d{4}-5\d\d$/)
  })

  it('is then matched by everybody, by its public number', async () => {
    for (const key of [network.tenants.api_key, other.api_key]) {
      const { json } = await issue(network, REPEATED, { key })
      expect(json.checks_passed.incident_similarity.arc_matches).toContain(publicId)
      expect(json.checks_passed.incident_similarity.reasons.join()).not.toContain('private_matches')
    }
  })

  it('is then in the list and has a page, with nothing of whose it was', async () => {
    // A fresh edge: the one before may show its own for a minute.
    await network.restartWorkers()
    const { json, text } = await get('/v1/arc')
    expect(json.data.map((entry: { id: string }) => entry.id)).toContain(publicId)
    const page = await get(`/arc/${publicId}`)
    expect(page.text).toContain(incident().title)
    const { id: demo } = (await get('/v1/organisation', network.tenants.api_key)).json
    for (const shown of [text, page.text]) expect(shown).not.toMatch(new RegExp(`${id}|${demo}|unmistakable`))
  })

  it('is not decided twice', async () => {
    expectProblem(await review(id, 'decline'), 409, 'arc_entry_not_offered')
    expectProblem(
      await post(`/v1/arc/recorded/${id}/offer`, network.tenants.api_key),
      409,
      'arc_entry_not_offered',
    )
  })
})

describe('an incident that is declined', () => {
  it('stays its owner’s', async () => {
    const id = await recordIncident(network, incident('Nobody else wants this'))
    await post(`/v1/arc/recorded/${id}/offer`, network.tenants.api_key)
    expect((await review(id, 'decline')).json).toMatchObject({ state: 'declined', public_id: null })
    expect((await search(network.tenants.api_key)).map((match: { id: string }) => match.id)).toContain(id)
    expect(JSON.stringify(await search(other.api_key))).not.toContain('Nobody else wants this')
  })
})

describe('what is refused', () => {
  it.each<[string, object, string]>([
    ['no title', { title: '' }, 'title'],
    ['a severity that is none', { severity: 'worst' }, 'severity'],
    ['no files', { files: [] }, 'files'],
    ['a path that leaves', { files: [{ path: '../a.ts', content: ROOT_CAUSE }] }, 'files[0].path'],
    ['too little code', { files: [{ path: 'a.ts', content: 'a()\n' }] }, 'files'],
    ['a number of its own choice', { public_id: 'ARC-2026-001' }, 'public_id'],
  ])('an incident with %s', async (_, change, path) => {
    const answer = await post('/v1/arc/recorded', network.tenants.api_key, { ...incident(), ...change })
    expectProblem(answer, 422, 'invalid_input')
    expect(answer.json.errors[0].path).toBe(path)
  })

  it('an id that is none', async () => {
    for (const id of ['x', 'ARC-2026-001', 'arc_', "arc_' OR true --"]) {
      const path = `/v1/arc/recorded/${encodeURIComponent(id)}/offer`
      expectProblem(await post(path, network.tenants.api_key), 404, 'arc_entry_not_found')
    }
  })

  it('code that is too much to search with', async () => {
    const files = [{ path: 'a.ts', content: 'x'.repeat(300_000) }]
    expectProblem(await post('/v1/arc/search', network.tenants.api_key, { files }), 413, 'body_too_large')
  })
})

it('a test key’s changes are compared with the organisation’s own incidents too', async () => {
  const tester = await makeKey(network, ['certificates:write', 'certificates:read'], { livemode: false })
  const { json } = await issue(network, REPEATED, { key: tester.key })
  expect(json.livemode).toBe(false)
  expect(json.checks_passed.incident_similarity.result).toBe('failed')
})

describe('with the database away', () => {
  it('an edge that knows the catalogue goes on showing it; a fresh one shows what comes with the software', async () => {
    const known = (await get('/v1/arc')).json.data
    await network.cluster().stop()
    try {
      expect((await get('/v1/arc')).json.data).toEqual(known)
      await network.restartWorkers()
      const { json, status } = await get('/v1/arc')
      expect(status).toBe(200)
      expect(json.data.length).toBeGreaterThanOrEqual(40)
      expect(json.data.every((entry: { id: string }) => !/-5\d\d$/.test(entry.id))).toBe(true)
      expect((await get('/v1/arc/ARC-2026-001')).status).toBe(200)
      expect((await get('/arc')).status).toBe(200)
      // Nobody knows whether it was published.
      expectProblem(await get('/v1/arc/ARC-2026-999'), 503, 'core_unavailable')
      expect((await get('/arc/ARC-2026-999')).status).toBe(503)
    } finally {
      await network.restartDatabase()
    }
  })
})
