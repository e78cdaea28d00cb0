import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ROUTES } from '../../schema/wire/routes.ts'
import { createApp } from '../../workers/core/app.ts'
import type { Service } from '../../workers/core/service.ts'
import { createRouter } from '../../workers/edge/router.ts'
import { type Answer, call } from '../support/client.ts'
import { expectProblem, issueId } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

let network: Network
let id: string
beforeAll(async () => {
  // Without them nothing is served to Stripe.
  const variables = { STRIPE_SECRET_KEY: 'sk_test_unused', STRIPE_WEBHOOK_SECRET: 'whsec_unused' }
  network = await startNetwork({ variables })
  id = await issueId(network)
})
afterAll(() => network?.stop())

const DECLARED = new Map<string, string[]>()
for (const { path, method } of ROUTES) {
  DECLARED.set(path, [...(DECLARED.get(path) ?? []), method.toUpperCase()])
}
/** Private paths: those with a route that takes a key. */
const PRIVATE_PATHS = new Set<string>(
  ROUTES.filter((route) => 'security' in route).map((route) => route.path),
)
const concrete = (path: string) =>
  path
    .replace('{id}', idFor(path))
    .replace('{kid}', 'key-202611-00000000')
    .replace('{list}', '0')
    .replace('{level}', '0')
    .replace('{tile}', '000')
function idFor(path: string): string {
  if (path.startsWith('/v1/keys')) return 'key_0000000000000000'
  if (path.startsWith('/v1/arc/recorded')) return 'arc_0000000000000000'
  return path.startsWith('/v1/arc') ? 'ARC-2026-001' : id
}

describe('what is declared and what is served', () => {
  it('OpenAPI has every route and no other', async () => {
    const { paths } = (await call(network.baseUrl, '/openapi.json')).json
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method} ${path}`),
    )
    expect(documented.toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted())
  })

  it('every declared route is served', async () => {
    for (const { method, path } of ROUTES) {
      const answer = await call(network.baseUrl, concrete(path), { method: method.toUpperCase() })
      expect(answer.status, `${method} ${path}: ${answer.text.slice(0, 200)}`).not.toBe(405)
      expect(answer.text).not.toContain('route_not_found')
    }
  })

  it('every served API route is declared', () => {
    const served = [...createApp({} as Service).routes, ...createRouter().routes]
      .filter(
        ({ method, path }) => method !== 'ALL' && method !== 'OPTIONS' && /^\/(v1|\.well-known)\//.test(path),
      )
      .map(({ method, path }) => `${method.toLowerCase()} ${documentedPath(path)}`)
    const declared = new Set(ROUTES.map(({ method, path }) => `${method} ${path}`))
    expect(served.filter((route) => !declared.has(route as never))).toEqual([])
  })
})

/** `:file{CERT-.+\\.jws}` is an id with an ending. */
function documentedPath(path: string): string {
  return path
    .replace(/:file\{CERT-\.\+(.*)\}$/, (_, ending: string) => `{id}${ending.replaceAll('\\', '')}`)
    .replace(/:(\w+)(?:\{[^/]*\})?/g, '{$1}')
}

describe('methods', () => {
  for (const [path, methods] of DECLARED) {
    it.each(METHODS.filter((method) => !methods.includes(method)))(
      `${path} refuses %s and says what it takes`,
      async (method) => {
        const answer = await call(network.baseUrl, concrete(path), { method, key: network.tenants.api_key })
        expectProblem(answer, 405, 'method_not_allowed')
        const allowed = (answer.headers.allow ?? '').split(/,\s*/)
        expect(allowed).toEqual(expect.arrayContaining(methods))
        expect(allowed).not.toContain(method)
      },
    )
  }

  it('HEAD says what GET says, without the body', async () => {
    for (const path of [
      `/v1/trust/certs/${id}`,
      `/badges/${id}.svg`,
      '/.well-known/jwks.json',
      '/healthz',
      `/certs/${id}`,
      '/v1/keys',
    ]) {
      const [head, get] = [
        await head_(path),
        await call(network.baseUrl, path, { key: network.tenants.api_key }),
      ]
      expect([head.status, head.headers['content-type'], head.bytes.length]).toEqual([
        get.status,
        get.headers['content-type'],
        0,
      ])
    }
  })
})

describe('other origins', () => {
  const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' }
  it('may ask for what is public', async () => {
    for (const path of DECLARED.keys()) {
      if (
        PRIVATE_PATHS.has(path) ||
        !/certs|verify-signature|log|status-lists|arc|well-known|badges/.test(path)
      )
        continue
      const answer = await call(network.baseUrl, concrete(path), { method: 'OPTIONS', headers })
      expect([answer.status, answer.headers['access-control-allow-origin']], path).toEqual([204, '*'])
    }
  })

  it('are told nothing by what takes a key, even with a good one', async () => {
    for (const path of PRIVATE_PATHS) {
      for (const method of ['OPTIONS', 'GET', 'POST', 'DELETE']) {
        const key = path === '/metrics' ? network.tenants.operator_key : network.tenants.api_key
        const answer = await call(network.baseUrl, concrete(path), { method, headers, key })
        const told = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))
        expect(told, `${method} ${path}`).toEqual([])
        if (method === 'OPTIONS') expect(answer.status).toBeGreaterThanOrEqual(400)
      }
    }
  })
})

describe('paths and hosts that try to get round the edge', () => {
  const tricks = [
    '//v1/keys',
    '/v1//keys',
    '/v1/keys/',
    '/V1/keys',
    '/v1/KEYS',
    '/v1/./keys',
    '/v1/trust/../keys',
    '/v1/trust/%2e%2e/keys',
    '/v1/trust/%2E%2E/keys',
    '/v1%2fkeys',
    '/v1/keys%2f',
    '/v1/keys%00',
    '/v1/keys;a=b',
    '/v1/keys%20',
    '/%76%31/keys',
    '/\\v1\\keys',
    '/v1/trust/certs/..%2f..%2fkeys',
    '/badges/../v1/keys',
    '/badges/..%2f..%2fv1%2fkeys.svg',
    '/assets/../v1/keys',
    '/assets/..%2f..%2f.dev.vars',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/.well-known/../v1/keys',
    '/metrics/',
    '/metrics%2f',
    '/Metrics',
    '/v1',
    '/v1/',
    '/v1/organisations/',
    '/core',
    '/cdn-cgi/mf/scheduled',
    '/v1/status-lists/..%2fkeys',
    '/v1/trust/certs/%E0%A4%A',
    '/%',
    '/%zz',
    '/v1/keys?__proto__=1&constructor=2',
  ] // prettier-ignore
  it.each(tricks)('%s leads to nothing without a key', async (path) => {
    const answer = await call(network.baseUrl, path)
    expect(answer.status).toBeLessThan(500)
    if (answer.status < 400) expectHarmless(path, answer)
    expect(answer.text).not.toContain(network.tenants.organisation_id)
  })

  it.each(['core', 'coderisk-core', 'assets', '127.0.0.1', 'evil.example'])(
    'the host %s changes nothing: the core stays behind its keys',
    async (host) => {
      for (const path of ['/v1/keys', '/metrics', '/v1/trust/certs']) {
        expectProblem(
          await call(network.baseUrl, path, { headers: { host } }),
          401,
          'authentication_required',
        )
      }
      const page = await call(network.baseUrl, `/certs/${id}`, {
        headers: { host, 'x-forwarded-host': host },
      })
      if (host === 'evil.example') expect(page.text).not.toContain(host)
    },
  )

  it('an absolute request target changes nothing either', async () => {
    const { hostname, port } = new URL(network.baseUrl)
    const text = await raw(
      hostname,
      Number(port),
      'GET http://core/v1/keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    expect(text.split('\r\n')[0]).toMatch(/^HTTP\/1\.1 4\d\d /)
  })

  it('what the edge sets cannot be set by the caller', async () => {
    const headers = { 'x-request-id': 'mine', 'x-coderisk-actor': network.tenants.organisation_id }
    const answer = await call(network.baseUrl, '/v1/keys', { headers })
    expectProblem(answer, 401, 'authentication_required')
    expect(answer.headers['x-request-id']).not.toBe('mine')
  })
})

function expectHarmless(path: string, answer: Answer): void {
  // `GET /badges/….svg` is always a picture; nothing else may answer.
  expect(path).toMatch(/^\/badges\//)
  expect(answer.text).toContain('CodeRisk: unknown')
}

function head_(path: string): Promise<Answer> {
  return call(network.baseUrl, path, { method: 'HEAD', key: network.tenants.api_key })
}

function raw(host: string, port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, host, () => socket.end(request))
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}
