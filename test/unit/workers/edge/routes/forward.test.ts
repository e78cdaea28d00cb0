import { describe, expect, test } from 'vitest'
import type { EdgeRequest } from '../../../../../workers/edge/request.ts'
import { createRouter } from '../../../../../workers/edge/router.ts'

const ID = 'int_7k3m9q2x4w8t1v6z'
const EVERYTHING = {
  authorization: 'Bearer cr_live_x',
  cookie: 'a=b',
  'content-type': 'application/json',
  'idempotency-key': 'k',
  prefer: 'wait=1',
  'x-request-id': 'mine',
  'x-forwarded-for': '127.0.0.1',
  'x-hub-signature-256': 'sha256=1',
  'sentry-hook-signature': '2',
  'sentry-hook-timestamp': '3',
  'x-coderisk-secret': '4',
  'x-pagerduty-signature': 'v1=5',
  'webhook-id': '6',
  'webhook-timestamp': '7',
  'webhook-signature': 'v1,8',
  'stripe-signature': 't=9',
}

/** What the core gets of a request, and what the caller gets. */
async function send(path: string, init: RequestInit = {}) {
  const forwarded: Request[] = []
  const limited: string[] = []
  const CORE = {
    fetch: async (url: string, more: RequestInit) => {
      forwarded.push(new Request(url, { ...more, duplex: 'half' } as RequestInit))
      return Response.json({ accepted: true }, { status: 202 })
    },
  }
  const RATE_LIMIT_KEY = {
    limit: async ({ key }: { key: string }) => {
      limited.push(key)
      return { success: true }
    },
  }
  const request = new Request(`https://network.example${path}`, {
    method: 'POST',
    headers: EVERYTHING,
    body: '{"a": 1}',
    ...init,
  })
  const edge = {
    request,
    env: { CORE, RATE_LIMIT_KEY },
    id: 'req-1',
    client: 'c',
    now: 0,
    waitUntil: () => {},
  }
  const response = await createRouter().fetch(request, { edge: edge as unknown as EdgeRequest })
  return { response, forwarded, limited }
}

describe('a webhook', () => {
  test.each([
    ['github', ['x-hub-signature-256']],
    ['sentry', ['sentry-hook-signature', 'sentry-hook-timestamp']],
    ['datadog', ['x-coderisk-secret']],
    ['pagerduty', ['x-pagerduty-signature']],
    ['deploy', ['webhook-id', 'webhook-signature', 'webhook-timestamp']],
    ['incident', ['webhook-id', 'webhook-signature', 'webhook-timestamp']],
    ['stripe', ['stripe-signature']],
  ])(
    'of %s reaches the core with the headers that it is verified by, and no others',
    async (provider, names) => {
      const path = provider === 'stripe' ? '/webhooks/stripe' : `/webhooks/${provider}/${ID}`
      const { response, forwarded, limited } = await send(`${path}?a=b`)
      expect(response.status).toBe(202)
      expect(forwarded).toHaveLength(1)
      const [request] = forwarded
      expect([request!.method, request!.url]).toEqual(['POST', `https://core${path}`])
      expect([...request!.headers.keys()].sort()).toEqual(
        ['content-type', 'traceparent', 'x-request-id', ...names].sort(),
      )
      expect(request!.headers.get('x-request-id')).toBe('req-1')
      expect(await request!.text()).toBe('{"a": 1}')
      // Without a key there is none whose use could be counted; the address is counted for all requests.
      expect(limited).toEqual([])
    },
  )

  test.each([
    '/webhooks/gitlab/x',
    '/webhooks/',
    '/webhooks/__proto__/x',
    '/webhooks/GitHub/x',
    '/webhooks/%67ithub/x',
  ])('to %s goes no further', async (path) => {
    const { response, forwarded } = await send(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'route_not_found' })
    expect(forwarded).toEqual([])
  })

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('with %s is refused', async (method) => {
    const { response, forwarded } = await send(`/webhooks/github/${ID}`, { method, body: null })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(forwarded).toEqual([])
  })

  test('that the core does not answer is told so', async () => {
    const CORE = { fetch: () => Promise.reject(new Error('away')) }
    const request = new Request(`https://network.example/webhooks/github/${ID}`, {
      method: 'POST',
      body: '{}',
    })
    const edge = { request, env: { CORE }, id: 'req-1' } as unknown as EdgeRequest
    const response = await createRouter().fetch(request, { edge })
    expect(await response.json()).toMatchObject({ code: 'core_unavailable', status: 503 })
  })
})

test('a request with a key reaches the core with the headers of the API, and the use of the key is counted', async () => {
  const { forwarded, limited } = await send('/v1/integrations?limit=1')
  const [request] = forwarded
  expect(request!.url).toBe('https://core/v1/integrations?limit=1')
  expect([...request!.headers.keys()].sort()).toEqual(
    ['authorization', 'content-type', 'idempotency-key', 'prefer', 'traceparent', 'x-request-id'].sort(),
  )
  expect(limited).toHaveLength(1)
})
