import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { HeldCatalogue } from '../../../../../workers/edge/catalogue.ts'
import type { EdgeRequest } from '../../../../../workers/edge/request.ts'
import { arcEntry } from '../pages/fixtures.ts'

const ENTRIES = [
  arcEntry('ARC-2026-001'),
  arcEntry('ARC-2026-002', {
    title: 'Unbounded queue',
    severity: 'critical',
    description: 'It takes whatever comes, until the memory is gone.',
    cwe: ['CWE-770'],
  }),
  arcEntry('ARC-2026-500', { title: 'Balances written without a lock', severity: 'low', cwe: [] }),
]

let routes: typeof import('../../../../../workers/edge/routes/arc.ts')
beforeEach(async () => {
  vi.resetModules()
  routes = await import('../../../../../workers/edge/routes/arc.ts')
})

/** A request of a new isolate, whose core answers so; null: it fails. */
function edge(held: HeldCatalogue | null = { entries: ENTRIES, complete: true }): EdgeRequest {
  const arcCatalogue = async () => {
    if (held === null) throw new Error('away')
    return held
  }
  const env = { CORE_READS: { arcCatalogue }, PUBLIC_BASE_URL: 'https://trust.example' }
  return { env, now: 1_800_000_000_000, id: 'req-1' } as unknown as EdgeRequest
}

const list = async (query: string, held?: HeldCatalogue | null) =>
  routes.getArcList(edge(held), new URLSearchParams(query))
const ids = async (response: Response) =>
  ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id)

describe('GET /v1/arc', () => {
  test('has all of them, for any origin, for a while', async () => {
    const response = await list('')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(await response.json()).toEqual({ data: ENTRIES, next_cursor: null })
  })

  test.each<[string, string[]]>([
    ['severity=critical', ['ARC-2026-002']],
    ['severity=medium', []],
    ['q=queue', ['ARC-2026-002']],
    ['q=QUEUE+memory', ['ARC-2026-002']],
    ['q=queue+lock', []],
    ['q=ARC-2026-500', ['ARC-2026-500']],
    ['q=cwe-770', ['ARC-2026-002']],
    ['q=without', ['ARC-2026-001', 'ARC-2026-500']],
    ['q=without&severity=low', ['ARC-2026-500']],
    ['q=', ['ARC-2026-001', 'ARC-2026-002', 'ARC-2026-500']],
    ['q=%20%20', ['ARC-2026-001', 'ARC-2026-002', 'ARC-2026-500']],
    ['q=.*', []],
    ["q='%20OR%20true%20--", []],
  ])('?%s', async (query, expected) => {
    expect(await ids(await list(query))).toEqual(expected)
  })

  test.each<[string, string]>([
    ['severity=worst', 'severity'],
    ['severity=', 'severity'],
    ['severity=__proto__', 'severity'],
    ['page=2', 'page'],
    [`q=${'x'.repeat(201)}`, 'q'],
    ['__proto__=1', '__proto__'],
  ])('?%s is refused, and says where', async (query, path) => {
    const response = await list(query)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'invalid_input', errors: [{ path }] })
  })

  test('has what comes with the software while the database is away, and nothing without a core', async () => {
    const some = await list('', { entries: ENTRIES.slice(0, 1), complete: false })
    expect(await ids(some)).toEqual(['ARC-2026-001'])
    vi.resetModules()
    routes = await import('../../../../../workers/edge/routes/arc.ts')
    const none = await list('', null)
    expect(none.status).toBe(503)
    expect(await none.json()).toMatchObject({ code: 'core_unavailable' })
  })
})

const SHIPPED: HeldCatalogue = { entries: ENTRIES.slice(0, 2), complete: false }
const found: [string, HeldCatalogue | null | undefined, number, string | null][] = [
  ['ARC-2026-002', undefined, 200, null],
  ['ARC-2026-999', undefined, 404, 'arc_entry_not_found'],
  ['ARC-2026-1', undefined, 404, 'arc_entry_not_found'],
  ['ARC-<script>', undefined, 404, 'arc_entry_not_found'],
  ['ARC-2026-002', SHIPPED, 200, null],
  ['ARC-2026-500', SHIPPED, 503, 'core_unavailable'],
  ['ARC-2026-001', null, 503, 'core_unavailable'],
]

describe('GET /v1/arc/{id}', () => {
  test.each(found)('%s of %j: %d', async (id, held, status, code) => {
    const response = await routes.getArcEntry(edge(held), id)
    expect(response.status).toBe(status)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const body = await response.json()
    if (code === null) expect(body).toEqual(ENTRIES.find((entry) => entry.id === id))
    else expect(body).toMatchObject({ code, status })
  })
})

describe('GET /arc/{id}', () => {
  test.each([...found, ['"><script>alert(1)</script>', null, 404, 'x'] as const])(
    '%s of %j: %d',
    async (id, held, status, code) => {
      const response = await routes.getArcEntryPage(edge(held), id)
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      const html = await response.text()
      expect(html).not.toContain('<script>')
      if (code === null) expect(html).toContain('Unbounded queue')
    },
  )
})

describe('GET /arc', () => {
  const page = async (query: string, held?: HeldCatalogue | null) =>
    routes.getArcListPage(edge(held), new URLSearchParams(query))

  test('has a link to each', async () => {
    const html = await (await page('')).text()
    for (const { id, title } of ENTRIES) {
      expect(html).toContain(`href="/arc/${id}"`)
      expect(html).toContain(title)
    }
  })

  test('has those that are looked for, and takes what it does not know for nothing', async () => {
    const html = await (await page(`q=queue&severity=nonsense&page=9`)).text()
    expect(html).toContain('href="/arc/ARC-2026-002"')
    expect(html).not.toContain('href="/arc/ARC-2026-001"')
  })

  test('is unavailable without a core', async () => {
    expect((await page('', null)).status).toBe(503)
  })
})
