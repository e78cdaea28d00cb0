import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  decodeEntries,
  hashLeaf,
  openCheckpoint,
  parseVerifierKey,
} from '../../../../../core/verify/log/index.ts'
import { edgeOf, entries, type FakeEdge, TestLog } from './support.ts'

let log: TestLog
let edge: FakeEdge
let routes: typeof import('../../../../../workers/edge/routes/log-tiles.ts')
beforeEach(async () => {
  vi.resetModules()
  routes = await import('../../../../../workers/edge/routes/log-tiles.ts')
  log = await TestLog.create()
  for (const size of [7, 255, 300]) await log.grow(...(await entries(size - log.size, log.size)))
  edge = await edgeOf(log)
})

const checkpoint = (later = 0, headers: Record<string, string> = {}) =>
  routes.getCheckpoint(edge.request(later, { headers }))
const object = (path: string, init?: RequestInit) => routes.getLogObject(edge.request(0, init), path)
const sizeOf = async (response: Response) => Number((await response.text()).split('\n')[1])

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, await response.json()]).toEqual([
    status,
    expect.objectContaining({ status, code }),
  ])
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('cache-control')).toBe('no-store')
}

describe('GET /log/checkpoint', () => {
  test('is the signed note, for any origin, and not for long', async () => {
    const response = await checkpoint()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    })
    const opened = await openCheckpoint(await response.text(), parseVerifierKey(log.verifierKey)!)
    expect(opened).toMatchObject({ size: 300, origin: 'trust.example/log' })
  })

  test('is 304 for who has it, and 200 again when it has grown', async () => {
    const etag = (await checkpoint()).headers.get('etag')!
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/)
    const same = await checkpoint(0, { 'if-none-match': `"x", W/${etag}` })
    expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag])
    await log.grow(...(await entries(1, 300)))
    const grown = await checkpoint(1_000, { 'if-none-match': etag })
    expect(grown.status).toBe(200)
    expect(grown.headers.get('etag')).not.toBe(etag)
  })

  test('is read once a second', async () => {
    for (const later of [0, 1, 500, 999]) await checkpoint(later)
    expect(log.r2.asked).toEqual(['log/checkpoint'])
    await checkpoint(1_000)
    expect(log.r2.asked.length).toBe(2)
  })

  test('does not go back to an older one, nor to another of the same size', async () => {
    const old = await log.sign(255, log.roots.get(255)!)
    const forked = await log.sign(300, log.roots.get(255)!)
    await checkpoint()
    for (const [i, other] of [old, forked].entries()) {
      log.r2.put('log/checkpoint', other)
      expect(await sizeOf(await checkpoint(1_000 * (i + 1)))).toBe(300)
    }
    // Not for ever: whoever reads it would take the log for one that stands still.
    await expectProblem(await checkpoint(60_000), 503, 'log_unavailable')
    await log.grow(...(await entries(1, 300)))
    expect(await sizeOf(await checkpoint(61_000))).toBe(301)
  })

  test('gets the cosignatures that come later', async () => {
    await checkpoint()
    const cosigned = `${Buffer.from(log.r2.objects.get('log/checkpoint')!)}— witness AAAAAAAA\n`
    log.r2.put('log/checkpoint', cosigned)
    expect(await (await checkpoint(1_000)).text()).toBe(cosigned)
  })

  test.each<[string, () => Promise<void> | void]>([
    [
      'another origin',
      async () => log.r2.put('log/checkpoint', await log.sign(300, log.roots.get(300)!, 'evil.example/log')),
    ],
    [
      'another key',
      async () => log.r2.put('log/checkpoint', await (await TestLog.create()).sign(300, log.roots.get(300)!)),
    ],
    ['another signature', () => log.r2.tamper('log/checkpoint', -5)],
    ['another root', () => log.r2.tamper('log/checkpoint', 'trust.example/log\n300\n'.length)],
    ['no signature', () => log.r2.put('log/checkpoint', 'trust.example/log\n300\n\n\n')],
    ['nothing', () => log.r2.put('log/checkpoint', '')],
    ['bytes that are no text', () => log.r2.put('log/checkpoint', new Uint8Array(100).fill(0xff))],
    ['too much', () => log.r2.put('log/checkpoint', new Uint8Array(2 * 1_048_576))],
    [
      'no object',
      () => {
        log.r2.objects.delete('log/checkpoint')
      },
    ],
    [
      'an R2 that is away',
      () => {
        log.r2.away = true
      },
    ],
  ])('with %s there is none', async (_, tamper) => {
    await tamper()
    await expectProblem(await checkpoint(), 503, 'log_unavailable')
  })

  test('while R2 is away the last one is answered, for seconds', async () => {
    await checkpoint()
    log.r2.away = true
    expect((await checkpoint(3_000)).status).toBe(200)
    await expectProblem(await checkpoint(30_000), 503, 'log_unavailable')
    log.r2.away = false
    expect((await checkpoint(30_001)).status).toBe(200)
  })

  test('is opened with the key of the trust root alone', async () => {
    edge = await edgeOf(log, { log: undefined })
    await expectProblem(await checkpoint(), 503, 'log_unavailable')
    expect(log.r2.asked).toEqual([])
  })
})

describe('GET /log/tile/…', () => {
  test.each([
    ['/log/tile/0/000', 8_192],
    ['/log/tile/0/000.p/7', 7 * 32],
    ['/log/tile/0/001.p/44', 44 * 32],
    ['/log/tile/1/000.p/1', 32],
  ])('%s', async (path, length) => {
    const response = await object(path)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    })
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(log.r2.objects.get(path.slice(1)))
    expect(log.r2.objects.get(path.slice(1))!.length).toBe(length)
  })

  test('of a bundle the entries', async () => {
    const response = await object('/log/tile/entries/001.p/44')
    const decoded = decodeEntries(new Uint8Array(await response.arrayBuffer()))!
    expect(decoded.map(hashLeaf)).toEqual(log.entries.slice(256).map(hashLeaf))
  })

  test.each([
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'gzip'],
    ['br;q=1, GZIP ; q=0.5', 'gzip'],
    ['x-gzip', 'gzip'],
    ['identity', null],
    ['', null],
    ['br', null],
    ['gzip;q=0', null],
    ['gzip; q=0.0', null],
    ['notgzip', null],
  ])('for a reader that accepts %j entries are sent as %s', async (accepted, coding) => {
    const response = await object('/log/tile/entries/000', { headers: { 'accept-encoding': accepted } })
    expect(response.headers.get('content-encoding')).toBe(coding)
    expect(response.headers.get('vary')).toBe('accept-encoding')
    const hashes = await object('/log/tile/0/000', { headers: { 'accept-encoding': accepted } })
    expect(hashes.headers.get('content-encoding')).toBeNull()
  })

  test('what the client accepts counts, and not what Cloudflare puts in its place', async () => {
    const sent = async (clientAcceptEncoding: string | undefined) => {
      const edgeRequest = edge.request(0, { headers: { 'accept-encoding': 'br, gzip' } })
      Object.defineProperty(edgeRequest.request, 'cf', { value: { clientAcceptEncoding } })
      return (await routes.getLogObject(edgeRequest, '/log/tile/entries/000')).headers.get('content-encoding')
    }
    expect([await sent('gzip'), await sent(''), await sent('identity'), await sent(undefined)]).toEqual([
      'gzip',
      null,
      null,
      null,
    ])
  })

  test('HEAD asks for no bytes', async () => {
    const response = await object('/log/tile/0/000', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    await expectProblem(await object('/log/tile/0/009', { method: 'HEAD' }), 404, 'log_tile_not_found')
  })

  test.each(['/log/tile/0/009', '/log/tile/0/000.p/8', '/log/tile/entries/009', '/log/tile/63/000'])(
    '%s: not there',
    async (path) => {
      await expectProblem(await object(path), 404, 'log_tile_not_found')
    },
  )

  test.each([
    '/log/tile/',
    '/log/tile/0',
    '/log/tile/0/0',
    '/log/tile/0/00',
    '/log/tile/0/0000',
    '/log/tile/00/000',
    '/log/tile/64/000',
    '/log/tile/0/x000/000',
    '/log/tile/0/000.p/0',
    '/log/tile/0/000.p/256',
    '/log/tile/0/000.p/07',
    '/log/tile/0/000.p/',
    '/log/tile/0/000.p',
    '/log/tile/0/000/',
    '/log/tile/0/%30%30%30',
    '/log/tile/0/..%2f000',
    '/log/tile/-1/000',
    '/log/tile/entries/',
    '/log/tile/entries/0',
    '/log/tile/data/000',
    '/log/tile/0/x000/x000/x000/x000/x000/x000/000',
    '/log/tile/0/x999/x999/x999/x999/x999/999',
    '/log/tile/../signed-checkpoint',
  ])('%s is no tile: R2 is not asked', async (path) => {
    await expectProblem(await object(path), 404, 'log_tile_not_found')
    expect(log.r2.asked).toEqual([])
  })

  test.each<[string, () => void, string]>([
    [
      'a tile of another length',
      () => log.r2.put('log/tile/0/000', new Uint8Array(8_191)),
      '/log/tile/0/000',
    ],
    [
      'a bundle beyond all measure',
      () => log.r2.put('log/tile/entries/000', new Uint8Array(2 ** 20 + 1)),
      '/log/tile/entries/000',
    ],
    [
      'an R2 that is away',
      () => {
        log.r2.away = true
      },
      '/log/tile/0/000',
    ],
  ])('%s is not served', async (_, tamper, path) => {
    tamper()
    await expectProblem(await object(path), 503, 'log_unavailable')
  })
})
