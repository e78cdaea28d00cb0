import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import { type CertificateRecord, certificateKey, writeRecord } from '../../../../../schema/kv.ts'
import { ID, publish, setRevoked, TestSigner } from '../log/certificates.ts'
import { edgeOf, entries, type FakeEdge, NOW, TestLog } from '../log/support.ts'
import { textOf } from '../pages/fixtures.ts'

vi.setConfig({ hookTimeout: 120_000 })

let signer: TestSigner
let record: CertificateRecord
beforeAll(async () => {
  signer = await TestSigner.create()
  record = await signer.certificate()
})

let log: TestLog
let edge: FakeEdge
let routes: typeof import('../../../../../workers/edge/routes/log-page.ts')
beforeEach(async () => {
  vi.resetModules()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  routes = await import('../../../../../workers/edge/routes/log-page.ts')
  log = await TestLog.create()
  edge = await edgeOf(log, { keys: [signer.key] })
  setRevoked(edge)
})
afterEach(() => {
  vi.useRealTimers()
})

const get = (query: string) => routes.getLogPage(edge.request(), new URLSearchParams(query))
const escaped = (character: string) => (character === '<' ? '&lt;' : '&gt;')
/** The indices that a page lists, in its order. */
const listed = (html: string) =>
  [...html.matchAll(/href="\/log\?index=(\d+)"/g)].map(([, index]) => Number(index))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => to - 1 - i)

async function expectPage(query: string, status: number, ...words: string[]): Promise<string> {
  const response = await get(query)
  const html = await response.text()
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.status, textOf(html)).toBe(status)
  for (const word of words) expect(textOf(html)).toContain(word)
  return html
}

async function expectRedirect(query: string, location: string): Promise<void> {
  const response = await get(query)
  expect([response.status, response.headers.get('location')]).toEqual([303, location])
  expect(response.headers.get('cache-control')).toBe('no-store')
}

describe('the list', () => {
  beforeEach(async () => {
    await log.grow(...(await entries(300)))
  })

  test.each([
    ['', range(275, 300), ['/log?before=275#entries', '/log?before=25#entries']],
    ['before=275', range(250, 275), ['/log#entries', '/log?before=250#entries', '/log?before=25#entries']],
    [
      'before=270',
      range(245, 270),
      ['/log?before=295#entries', '/log?before=245#entries', '/log?before=25#entries'],
    ],
    [
      'before=260',
      range(235, 260),
      ['/log?before=285#entries', '/log?before=235#entries', '/log?before=25#entries'],
    ],
    ['before=25', range(0, 25), ['/log?before=50#entries']],
    ['before=3', range(0, 3), ['/log?before=28#entries']],
    ['before=0', range(275, 300), null],
    ['before=9999', range(275, 300), null],
    ['before=-1', range(275, 300), null],
    ['before=9007199254740993', range(275, 300), null],
    ['before=x&find=%20', range(275, 300), null],
  ])('%j', async (query, indices, links) => {
    const html = await expectPage(query, 200, 'trust.example/log', '300')
    expect(listed(html)).toEqual(indices)
    const paging = [...html.matchAll(/href="(\/log[^"]*#entries)"/g)].map(([, href]) => href)
    if (links !== null) expect(paging).toEqual(links)
  })

  test('tells the newest time also where older entries are shown, and asks for no witnesses', async () => {
    const html = await expectPage('before=25', 200, '2027-01-15 08:00:00 UTC', 'asks for no witnesses')
    expect(html).toContain('name="robots" content="noindex')
  })

  test('an empty log says so', async () => {
    vi.resetModules()
    routes = await import('../../../../../workers/edge/routes/log-page.ts')
    log = await TestLog.create()
    edge = await edgeOf(log)
    await log.grow()
    await expectPage('', 200, 'The log is empty.')
  })
})

describe('what cannot be read', () => {
  test.each(['', 'before=5', 'index=1', `find=${'ab'.repeat(32)}`])('R2 is away: %j', async (query) => {
    await log.grow(...(await entries(10)))
    log.r2.away = true
    const html = await expectPage(query, query.startsWith('find') ? 404 : 503)
    if (!query.startsWith('find'))
      expect(textOf(html)).toContain('The transparency log cannot be read right now')
  })

  test.each(['', 'index=1'])('there is no checkpoint: %j', async (query) => {
    await expectPage(query, 503, 'cannot be read right now', 'req-1')
  })

  test('an entry that is not the one of its leaf is never shown', async () => {
    await log.grow(...(await entries(10)))
    log.r2.tamper('log/tile/entries/000.p/10', 40)
    await expectPage('index=0', 503)
    await expectPage('', 503)
  })

  test('a tile that does not lead to the signed root is never shown', async () => {
    await log.grow(...(await entries(10)))
    log.r2.tamper('log/tile/0/000.p/10', 40)
    await expectPage('index=5', 503)
  })
})

describe('one entry', () => {
  beforeEach(async () => {
    await log.grow(...(await entries(300)))
  })

  test.each([
    [0, 'tile/0/000', 'tile/entries/000'],
    [255, 'tile/0/000', 'tile/entries/000'],
    [256, 'tile/0/001.p/44', 'tile/entries/001.p/44'],
    [299, 'tile/0/001.p/44', 'tile/entries/001.p/44'],
  ])('%i is shown with its hash and its paths', async (index, tile, bundle) => {
    const text = new TextDecoder().decode(log.entries[index])
    const html = await expectPage(`index=${index}`, 200, log.leafHash(index), text, 'Certificate issued')
    expect(html).toContain(`href="/log/${tile}"`)
    expect(html).toContain(`href="/log/${bundle}"`)
    expect(html).toContain(`data-entry="${index}"`)
    expect(html).toContain(`href="/v1/log/proof?index=${index}"`)
    expect(html).not.toContain('data-certificate')
  })

  test.each(['index=300', 'index=x', 'index=', 'index=-1', 'index=1.5', 'index=9007199254740993'])(
    '%s is none',
    async (query) => {
      await expectPage(query, 404, 'No such entry', 'The log has 300 entries so far')
    },
  )

  test('names the certificate that the reader came from, if that is an id', async () => {
    const html = await expectPage(`index=1&certificate=${ID}`, 200, ID)
    expect(html).toContain(`data-certificate="${ID}"`)
    expect(html).toContain(`href="/v1/trust/certs/${ID}.tlog-proof"`)
    const hostile = encodeURIComponent('"><script>alert(1)</script>')
    expect(await expectPage(`index=1&certificate=${hostile}`, 200)).not.toContain('alert')
  })
})

describe('looking up', () => {
  beforeEach(async () => {
    await log.grow(...(await entries(12)))
  })

  test('an index', async () => {
    await expectRedirect('find=7', '/log?index=7')
    await expectRedirect('find=%201,234%20', '/log?index=1234')
  })

  test('a leaf hash, in any case', async () => {
    await expectRedirect(`find=${log.leafHash(5)}`, '/log?index=5')
    await expectRedirect(`find=${log.leafHash(6).toUpperCase()}`, '/log?index=6')
  })

  test('a leaf hash that no entry has, or none that is published', async () => {
    await expectPage(
      `find=${'ab'.repeat(32)}`,
      404,
      'No entry of the log has this leaf hash',
      'ab'.repeat(32),
    )
    edge.core.logIndex = async () => 12
    await expectPage(`find=${'cd'.repeat(32)}`, 404, 'gets its place within seconds')
  })

  test('a certificate leads to the entry of its issue', async () => {
    const index = await publish(edge, log, record)
    await expectRedirect(`find=${ID}`, `/log?index=${index}&certificate=${ID}`)
  })

  test('a certificate whose entry has no place yet', async () => {
    edge.kv.set(certificateKey(ID), writeRecord(record))
    const html = await expectPage(`find=${ID}`, 200, 'On its way into the log', ID)
    expect(html).toContain(`href="/log?find=${ID}"`)
    expect(html).toMatch(/<code>[0-9a-f]{64}<\/code>/)
  })

  test('a certificate that nobody knows', async () => {
    await expectPage('find=CERT-2026-0000000000000000', 404, 'No certificate has this id')
  })

  test.each(['hello', 'CERT-2026', 'ab'.repeat(31), '-1', '"><script>alert(1)</script>', '../checkpoint'])(
    '%j is nothing that an entry can be found by',
    async (asked) => {
      const html = await expectPage(`find=${encodeURIComponent(asked)}`, 400, 'This is no certificate id')
      expect(html).toContain(
        `name="find" value="${asked.replaceAll('"', '&quot;').replaceAll(/[<>]/g, escaped)}"`,
      )
      expect(html).not.toContain('<script>alert')
      expect(html).toContain('aria-invalid="true"')
    },
  )

  test('too often is a 429 with the policy', async () => {
    edge.limited = true
    const response = await get(`find=${'ab'.repeat(32)}`)
    expect(response.status).toBe(429)
    expect(response.headers.get('ratelimit-policy')).toContain('"miss"')
    expect(textOf(await response.text())).toContain('Too many requests')
  })

  test('the core is away', async () => {
    edge.coreAway = true
    await expectPage(`find=${'ab'.repeat(32)}`, 503)
    await expectRedirect('find=3', '/log?index=3')
  })
})

test('an entry of any text at all is a page, or nothing', async () => {
  await log.grow(
    utf8('{"type":"<b>","x":"\u202e"}'),
    utf8('{}'),
    utf8('{"type":1,"time":null,"subject":["a"]}'),
  )
  expect(await expectPage('index=0', 200, '<b>')).not.toContain('<b>')
  await expectPage('index=1', 200, 'Event of an unknown kind')
  await expectPage('index=2', 200, '["a"]')
  await expectPage('', 200)
})
