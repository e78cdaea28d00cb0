import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { RATE_LIMITS } from '../../workers/edge/rate-limits.ts'
import { type Answer, call } from '../support/client.ts'
import { expectProblem, issue, issueId, makeKey, metric, verify } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const LIMITS = { RATE_LIMIT_KEY: 15, RATE_LIMIT_IP: 100, RATE_LIMIT_MISS: 10 } as const
const CORE_READS = 'coderisk_edge_certificate_core_reads_total'
const LIMITED = 'coderisk_edge_rate_limited_total'

let network: Network
let known: string
beforeAll(async () => {
  network = await startNetwork({ rateLimits: LIMITS })
  known = await issueId(network, undefined, from('issuer'))
  expect((await verify(network, known)).verdict).toBe('valid')
})
afterAll(() => network?.stop())

/** What Cloudflare says of a client; nobody else can, there. */
function from(client: string): { headers: Record<string, string> } {
  return { headers: { 'cf-connecting-ip': client } }
}

/**
 * Asks again and again until it is refused. Windows begin with the minute, and one may begin in between: then there
 * are two windows' worth of answers, and never more.
 */
async function untilLimited(limit: number, ask: (attempt: number) => Promise<Answer>) {
  const answers: Answer[] = []
  for (let attempt = 0; attempt <= 2 * limit; attempt++) {
    const answer = await ask(attempt)
    if (answer.status === 429) return { answers, refused: answer }
    answers.push(answer)
  }
  throw new Error(`${answers.length} answers and no refusal`)
}

function expectLimited(answer: Answer, binding: keyof typeof RATE_LIMITS): void {
  const { name, quota, windowS } = RATE_LIMITS[binding]
  expectProblem(answer, 429, 'rate_limited')
  expect(answer.headers['retry-after']).toBe(String(windowS))
  expect(answer.headers['ratelimit-policy']).toBe(`"${name}";q=${quota};w=${windowS}`)
  expect(answer.headers['access-control-expose-headers']).toBe('RateLimit-Policy, Retry-After')
}

let unknownIds = 0
const unknownId = () => `CERT-2026-${String(++unknownIds).padStart(16, '0')}`

describe('the limit of a key', () => {
  it('refuses what is too much before it reaches the core, and leaves other keys alone', async () => {
    const [one, other] = [
      await makeKey(network, ['certificates:read']),
      await makeKey(network, ['certificates:read']),
    ]
    const list = (key: string) => call(network.baseUrl, '/v1/trust/certs', { key, ...from('keys') })
    const served = () =>
      metric(network, 'coderisk_core_requests_total{method="GET",route="/v1/trust/certs",status="200"}')
    const before = await served()
    const { answers, refused } = await untilLimited(LIMITS.RATE_LIMIT_KEY, () => list(one.key))
    expect(answers.length).toBeGreaterThanOrEqual(LIMITS.RATE_LIMIT_KEY)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expectLimited(refused, 'RATE_LIMIT_KEY')
    expect(await served()).toBe(before + answers.length)
    expect((await list(other.key)).status).toBe(200)
    expectProblem(
      await call(network.baseUrl, '/v1/trust/certs', from('keys')),
      401,
      'authentication_required',
    )
  })

  it('holds for keys that nobody has, so that guessing one key again and again ends', async () => {
    const { answers, refused } = await untilLimited(LIMITS.RATE_LIMIT_KEY, () =>
      call(network.baseUrl, '/v1/keys', { key: 'cr_live_nobody', ...from('guesser') }),
    )
    for (const answer of answers) expectProblem(answer, 401, 'api_key_invalid')
    expectLimited(refused, 'RATE_LIMIT_KEY')
  })

  it('is one for writes and reads, and a refused issue makes nothing', async () => {
    const { key } = await makeKey(network, ['certificates:write'])
    const count = async () => (await network.sql`SELECT count(*)::int AS n FROM certificates`)[0]!.n
    const before = await count()
    const { answers, refused } = await untilLimited(LIMITS.RATE_LIMIT_KEY, () =>
      issue(network, undefined, {
        key,
        headers: { ...from('writer').headers, 'idempotency-key': 'one-certificate' },
      }),
    )
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    expectLimited(refused, 'RATE_LIMIT_KEY')
    expect(await count()).toBe(before + 1)
  })
})

describe('the limit of an address', () => {
  it('refuses whatever it asks for, and leaves other addresses alone', async () => {
    const paths = [
      `/v1/trust/certs/${known}`,
      `/v1/trust/certs/${known}/verify`,
      `/badges/${known}.svg`,
      '/',
      '/healthz',
      '/.well-known/jwks.json',
    ]
    const { answers, refused } = await untilLimited(LIMITS.RATE_LIMIT_IP, (attempt) =>
      call(network.baseUrl, paths[attempt % paths.length]!, from('crowd')),
    )
    expect(answers.length).toBeGreaterThanOrEqual(LIMITS.RATE_LIMIT_IP)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expectLimited(refused, 'RATE_LIMIT_IP')
    expect(refused.headers['access-control-allow-origin']).toBe('*')
    expect((await call(network.baseUrl, `/v1/trust/certs/${known}`, from('neighbour'))).status).toBe(200)
  })
})

describe('the limit of misses', () => {
  it('stops look-ups of what is not there before they reach the core', async () => {
    const [reads, limited] = [await metric(network, CORE_READS), await metric(network, LIMITED)]
    const { answers, refused } = await untilLimited(LIMITS.RATE_LIMIT_MISS, () =>
      call(network.baseUrl, `/v1/trust/certs/${unknownId()}`, from('scanner')),
    )
    expect(answers.length).toBeGreaterThanOrEqual(LIMITS.RATE_LIMIT_MISS)
    for (const answer of answers) expectProblem(answer, 404, 'certificate_not_found')
    expectLimited(refused, 'RATE_LIMIT_MISS')
    expect(await metric(network, CORE_READS)).toBe(reads + answers.length)
    expect(await metric(network, LIMITED)).toBe(limited + 1)
  })

  it('is one for certificates, verdicts, badges and pages, each in its own way', async () => {
    const { badge, page, reads, readsAfter } = await missWhileLimited('scanner-of-pages')
    expect([badge.status, badge.headers['content-type'], badge.text.includes('CodeRisk: unknown')]).toEqual([
      200,
      'image/svg+xml; charset=utf-8',
      true,
    ])
    expect([page.status, page.headers['content-type'], page.text.includes('Too many requests')]).toEqual([
      429,
      'text/html; charset=utf-8',
      true,
    ])
    expect(page.headers['ratelimit-policy']).toBe('"miss";q=300;w=60')
    expect(page.headers['retry-after']).toBe('60')
    expect(readsAfter).toBe(reads)
    expect(await verify(network, known)).toMatchObject({ verdict: 'valid' })
  })

  it('does not count what is found', async () => {
    const client = from('reader')
    for (let i = 0; i < 2 * LIMITS.RATE_LIMIT_MISS + 1; i++) {
      expect((await call(network.baseUrl, `/v1/trust/certs/${known}`, client)).status).toBe(200)
    }
    expectProblem(
      await call(network.baseUrl, `/v1/trust/certs/${unknownId()}`, client),
      404,
      'certificate_not_found',
    )
  })
})

/** A badge and a page of what is not there, within the window in which verdicts are refused. */
async function missWhileLimited(client: string) {
  for (;;) {
    const miss = (path: (id: string) => string) => call(network.baseUrl, path(unknownId()), from(client))
    const verdict = () => miss((id) => `/v1/trust/certs/${id}/verify`)
    const { refused } = await untilLimited(LIMITS.RATE_LIMIT_MISS, verdict)
    expectLimited(refused, 'RATE_LIMIT_MISS')
    const reads = await metric(network, CORE_READS)
    const badge = await miss((id) => `/badges/${id}.svg`)
    const page = await miss((id) => `/certs/${id}`)
    const readsAfter = await metric(network, CORE_READS)
    // Refused still: no window began in between.
    if ((await verdict()).status === 429) return { badge, page, reads, readsAfter }
  }
}
