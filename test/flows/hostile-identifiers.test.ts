import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { call } from '../support/client.ts'
import { expectRefusalOrSuccess, HTML, paths, SQL } from '../support/hostile.ts'
import { expectProblem, issue, SMALL_CHANGE, verify } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

describe('ids, cursors and idempotency keys that are none', () => {
  const ids = [
    '%00',
    'a%00b',
    '%ff',
    '%ed%a0%80',
    '%zz',
    '%',
    '..%2f..%2f',
    encodeURIComponent(SQL),
    encodeURIComponent(HTML),
    'x'.repeat(8_000),
    'CERT-2026-0000000000000000',
    'cert-2026-0000000000000000',
    'CERT-2026-ilouilouilouilou',
    '__proto__',
    '%0d%0aset-cookie:a=b',
  ] // prettier-ignore
  it.each(ids.map((id) => [id.slice(0, 60), id]))('%s on every route', async (_, id) => {
    const key = network.tenants.api_key
    const refused: [string, string][] = [
      ['GET', `/v1/trust/certs/${id}`],
      ['GET', `/v1/trust/certs/${id}/verify`],
      ['GET', `/v1/trust/certs/${id}/report`],
      ['POST', `/v1/trust/certs/${id}/revoke`],
      ['DELETE', `/v1/keys/${id}`],
    ] // prettier-ignore
    for (const [method, path] of refused) {
      const answer = await call(network.baseUrl, path, { method, key })
      expectRefusalOrSuccess(answer, `${method} ${path.slice(0, 80)}`)
      expect(answer.status, `${method} ${path.slice(0, 80)}`).toBe(404)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    const badge = await call(network.baseUrl, `/badges/${id}.svg`)
    expect([badge.status, badge.text.includes('CodeRisk: unknown')]).toEqual([200, true])
    const page = await call(network.baseUrl, `/certs/${id}`, { headers: { accept: 'text/html' } })
    expect([page.status, page.headers['content-type'], page.text.includes('<script>alert')]).toEqual([
      404,
      'text/html; charset=utf-8',
      false,
    ])
  })

  it.each(
    [
      'x',
      'cA',
      'p1',
      Buffer.from('p-1').toString('base64url'),
      Buffer.from(`p${'9'.repeat(30)}`).toString('base64url'),
      Buffer.from("' OR 1=1; --").toString('base64url'),
      '%00',
      '%ff',
      '💥',
    ].map((cursor) => [cursor]),
  )('the cursor %s', async (cursor) => {
    const answer = await call(network.baseUrl, `/v1/trust/certs?cursor=${encodeURI(cursor)}`, {
      key: network.tenants.api_key,
    })
    expectProblem(answer, 400, 'invalid_cursor')
  }) // prettier-ignore

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=', 'limit'],
    ['cursor=', 'cursor'],
    ['surprise=1', 'surprise'],
    [`cursor=${'x'.repeat(65)}`, 'cursor'],
  ])('the query %s', async (query, path) => {
    const answer = await call(network.baseUrl, `/v1/trust/certs?${query}`, { key: network.tenants.api_key })
    expectProblem(answer, 422, 'invalid_input')
    expect(paths(answer)).toEqual([path])
  }) // prettier-ignore

  it.each([
    ['empty', ''],
    ['256 characters', 'x'.repeat(256)],
    ['a space', 'a b'],
    ['a tab', 'a\tb'],
    ['Latin-1', 'caf\u00e9'],
  ])('an Idempotency-Key that is %s', async (_, idempotencyKey) => {
    const answer = await issue(network, SMALL_CHANGE, { headers: { 'idempotency-key': idempotencyKey } })
    expectProblem(answer, 400, 'invalid_idempotency_key')
  })
  it('an Idempotency-Key of SQL is as good as any', async () => {
    const headers = { 'idempotency-key': "';DROP/**/TABLE/**/idempotency_records;--" }
    const first = await issue(network, SMALL_CHANGE, { headers })
    const second = await issue(network, SMALL_CHANGE, { headers })
    expect([first.status, second.text]).toEqual([201, first.text])
  })
})

describe('SQL and HTML in every string', () => {
  it.each([
    ['SQL', SQL],
    ['HTML', HTML],
  ])('%s is only text', async (_, text) => {
    const path = text.replaceAll('/', '∕').replaceAll('\\', '')
    const answer = await issue(network, {
      ai_tool: 'x-v1',
      files: [{ path, content: `${text}\n`, previous_content: text }],
      repository: text,
      commit_message: text,
      language: text.slice(0, 40),
      framework: text.slice(0, 40),
    })
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json).toMatchObject({ repository: text, files_changed: [path] })
    const id = answer.json.certificate_id
    expect((await verify(network, id)).verdict).toBe('valid')
    const page = await call(network.baseUrl, `/certs/${id}`)
    expect(page.status).toBe(200)
    for (const tag of ['<script>alert', '<img src=x', 'onerror=alert(2)>'])
      expect(page.text.includes(tag)).toBe(false)
    expect(page.headers['content-security-policy']).not.toContain('unsafe-inline')
    const badge = await call(
      network.baseUrl,
      `/badges/${id}.svg?label=${encodeURIComponent(text)}&style=${encodeURIComponent(text)}`,
    )
    expect([badge.status, badge.headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8'])
    expect(badge.text.includes('<script')).toBe(false)
    expect(badge.text.includes('<img')).toBe(false)
    const lookup = await call(network.baseUrl, `/verify?id=${encodeURIComponent(text)}`)
    expect(lookup.text.includes('<script>alert')).toBe(false)
  })

  it('in names of organisations and keys', async () => {
    for (const name of [SQL, HTML]) {
      const key = await call(network.baseUrl, '/v1/keys', {
        key: network.tenants.api_key,
        body: { name, scopes: ['certificates:read'] },
      })
      expect([key.status, key.json.name]).toEqual([201, name])
      const made = await call(network.baseUrl, '/v1/organisations', {
        key: network.tenants.operator_key,
        body: { name },
      })
      expect([made.status, made.json.name]).toEqual([201, name])
    }
    const [row] = await network.sql`SELECT count(*)::int AS certificates FROM certificates`
    expect(row!.certificates).toBeGreaterThan(0)
  })
})
