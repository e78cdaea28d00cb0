import type { EdgeEnv } from './env.ts'
import { count } from './metrics.ts'
import type { EdgeRequest } from './request.ts'
import { publicProblem } from './respond.ts'

/** The limits of `wrangler.toml`, per Cloudflare location, as `RateLimit-Policy` tells them; a test holds the two together. */
export const RATE_LIMITS = {
  RATE_LIMIT_KEY: { name: 'key', quota: 10_000, windowS: 60 },
  RATE_LIMIT_IP: { name: 'ip', quota: 30_000, windowS: 60 },
  RATE_LIMIT_MISS: { name: 'miss', quota: 300, windowS: 60 },
} as const

export type RateLimitBinding = keyof typeof RATE_LIMITS

/** Whether `key` has had its share. The binding says yes or no, and not how much is left. */
export async function isLimited(env: EdgeEnv, binding: RateLimitBinding, key: string): Promise<boolean> {
  return wasLimited(await env[binding].limit({ key }))
}

export function wasLimited({ success }: RateLimitOutcome): boolean {
  if (!success) count('coderisk_edge_rate_limited_total')
  return !success
}

/** 429 with the policy that was exceeded and when to come back; a page of any origin may read it. */
export function tooManyRequests(edge: EdgeRequest, binding: RateLimitBinding): Response {
  return publicProblem('rate_limited', edge.id, { headers: policyHeaders(binding) })
}

export function policyHeaders(binding: RateLimitBinding): Record<string, string> {
  const { name, quota, windowS } = RATE_LIMITS[binding]
  return {
    'ratelimit-policy': `"${name}";q=${quota};w=${windowS}`,
    'retry-after': String(windowS),
    'access-control-expose-headers': 'RateLimit-Policy, Retry-After',
  }
}
