import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { unstable_readConfig as readConfig } from 'wrangler'
import type { EdgeEnv } from '../../../../workers/edge/env.ts'
import { exposeEdgeMetrics } from '../../../../workers/edge/metrics.ts'
import {
  isLimited,
  RATE_LIMITS,
  type RateLimitBinding,
  tooManyRequests,
} from '../../../../workers/edge/rate-limits.ts'
import type { EdgeRequest } from '../../../../workers/edge/request.ts'

const CONFIG = path.resolve(import.meta.dirname, '../../../../wrangler.toml')
const BINDINGS = Object.keys(RATE_LIMITS) as RateLimitBinding[]

it('the limits are those that wrangler.toml sets', () => {
  const set = configured().map(({ name, simple }) => [name, simple.limit, simple.period])
  const told = Object.entries(RATE_LIMITS).map(([name, { quota, windowS }]) => [name, quota, windowS])
  expect(set.length).toBeGreaterThan(0)
  expect(told.sort()).toEqual(set.sort())
})

it('no two limits share a counter or a name', () => {
  expect(new Set(configured().map((limit) => limit.namespace_id)).size).toBe(BINDINGS.length)
  expect(new Set(BINDINGS.map((binding) => RATE_LIMITS[binding].name)).size).toBe(BINDINGS.length)
})

describe('a request', () => {
  const limited = () => Number(/^coderisk_edge_rate_limited_total (\d+)$/m.exec(exposeEdgeMetrics())![1])

  it.each(BINDINGS)('is counted by %s and by no other binding, under its key', async (binding) => {
    const asked: unknown[] = []
    const env = bindings((name) => ({
      limit: async (of: unknown) => {
        asked.push([name, of])
        return { success: true }
      },
    }))
    const before = limited()
    expect(await isLimited(env, binding, '192.0.2.1')).toBe(false)
    expect(asked).toEqual([[binding, { key: '192.0.2.1' }]])
    expect(limited()).toBe(before)
  })

  it('over the limit is refused, and counted', async () => {
    const env = bindings(() => ({ limit: async () => ({ success: false }) }))
    const before = limited()
    expect(await isLimited(env, 'RATE_LIMIT_IP', '192.0.2.1')).toBe(true)
    expect(limited()).toBe(before + 1)
  })

  it.each([
    ['RATE_LIMIT_KEY', '"key";q=10000;w=60'],
    ['RATE_LIMIT_IP', '"ip";q=30000;w=60'],
    ['RATE_LIMIT_MISS', '"miss";q=300;w=60'],
  ] as const)('over %s is told which limit it was, and when to come back', async (binding, policy) => {
    const response = tooManyRequests({ id: 'request-1' } as EdgeRequest, binding)
    expect(response.status).toBe(429)
    expect(response.headers.get('ratelimit-policy')).toBe(policy)
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await response.json()).toMatchObject({ code: 'rate_limited', request_id: 'request-1' })
  })
})

/** As wrangler itself reads them. Its type of the configuration is in a package that it does not bring along. */
function configured() {
  const { ratelimits } = readConfig({ config: CONFIG })
  return ratelimits as { name: string; namespace_id: string; simple: { limit: number; period: number } }[]
}

/** The edge's environment, as far as rate limits need it. */
function bindings(make: (name: RateLimitBinding) => RateLimit): EdgeEnv {
  return Object.fromEntries(BINDINGS.map((name) => [name, make(name)])) as unknown as EdgeEnv
}
