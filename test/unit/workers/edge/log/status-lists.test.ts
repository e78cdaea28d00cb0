import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { LIST, putStatusToken, TestSigner } from './certificates.ts'
import { edgeOf, type FakeEdge, NOW, TestLog } from './support.ts'

vi.setConfig({ hookTimeout: 120_000 })
const DAY_S = 86_400

let signer: TestSigner
let another: TestSigner
beforeAll(async () => {
  signer = await TestSigner.create()
  another = await TestSigner.create()
})

let log: TestLog
let edge: FakeEdge
let routes: typeof import('../../../../../workers/edge/routes/status-lists.ts')
beforeEach(async () => {
  vi.resetModules()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  routes = await import('../../../../../workers/edge/routes/status-lists.ts')
  log = await TestLog.create()
  edge = await edgeOf(log, { keys: [signer.key] })
})
afterEach(() => {
  vi.useRealTimers()
})

function get(later = 0, list = String(LIST), headers: Record<string, string> = {}): Promise<Response> {
  vi.setSystemTime(NOW + later)
  return routes.getStatusList(edge.request(later, { headers }), list)
}

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, await response.json()]).toEqual([
    status,
    expect.objectContaining({ status, code }),
  ])
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
}

describe('GET /v1/status-lists/{n}', () => {
  test('is the token as it was signed, for any origin, for as long as it says', async () => {
    const token = await signer.statusToken([5, 77])
    await putStatusToken(log, token)
    const response = await get()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/statuslist+jwt',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    })
    expect(await response.text()).toBe(token)
  })

  test('is 304 for who has it', async () => {
    await putStatusToken(log, await signer.statusToken())
    const etag = (await get()).headers.get('etag')!
    const same = await get(0, String(LIST), { 'if-none-match': etag })
    expect([same.status, await same.text()]).toEqual([304, ''])
  })

  test.each([
    [DAY_S - 100, 'public, max-age=100'],
    [DAY_S - 1, 'public, max-age=1'],
    [DAY_S, 'no-cache'],
    [DAY_S + 1_000, 'no-cache'],
  ])('%d s after it was signed it is %s', async (age, caching) => {
    await putStatusToken(log, await signer.statusToken([], age))
    expect((await get()).headers.get('cache-control')).toBe(caching)
  })

  test('a newer one is there a second later; an older one is not believed', async () => {
    const [first, second] = [await signer.statusToken([], 60), await signer.statusToken([77], 0)]
    await putStatusToken(log, first)
    await get()
    await putStatusToken(log, second)
    expect(await (await get(1_000)).text()).toBe(second)
    await putStatusToken(log, first)
    expect(await (await get(2_000)).text()).toBe(second)
  })

  test('the last one is answered while R2 is away', async () => {
    const token = await signer.statusToken()
    await putStatusToken(log, token)
    await get()
    log.r2.away = true
    expect(await (await get(60_000)).text()).toBe(token)
  })

  test.each<[string, () => Promise<string> | string]>([
    ['by a key of nobody', () => another.statusToken()],
    ['of another list', () => signer.statusToken([], 0, { sub: 'https://trust.example/v1/status-lists/4' })],
    [
      'of another network',
      () => signer.statusToken([], 0, { sub: 'https://evil.example/v1/status-lists/3' }),
    ],
    [
      'of a list that is too long',
      () => signer.statusToken([], 0, { status_list: { bits: 4, lst: 'eNrbuRgAAhcBXQ' } }),
    ],
    ['that is none', () => 'a.b.c'],
    ['without anything', () => ''],
    ['beyond all measure', () => 'x'.repeat(2_000_000)],
  ])('a token %s is refused', async (_, token) => {
    await putStatusToken(log, await token())
    await expectProblem(await get(), 503, 'status_list_unavailable')
  })

  test('an R2 that is away', async () => {
    log.r2.away = true
    await expectProblem(await get(), 503, 'status_list_unavailable')
  })

  test('a list that is not there', async () => {
    await expectProblem(await get(), 404, 'status_list_not_found')
  })

  test.each(['', '-1', '01', '1.5', 'x', '1e3', '9999999999', '../log/checkpoint', '%33'])(
    '%j is no list: R2 is not asked',
    async (list) => {
      await expectProblem(await get(0, list), 404, 'status_list_not_found')
      expect(log.r2.asked).toEqual([])
    },
  )

  test('a key that only a newer trust root lists is looked for there', async () => {
    edge = await edgeOf(log)
    await putStatusToken(log, await signer.statusToken())
    await expectProblem(await get(), 503, 'status_list_unavailable')
    await edge.publishTrustRoot({ version: 2, keys: [signer.key] })
    expect((await get(6_000)).status).toBe(200)
  })

  test('a key that is compromised meanwhile signs no more', async () => {
    await putStatusToken(log, await signer.statusToken([], 1))
    await get()
    await edge.publishTrustRoot({ version: 2, keys: [{ ...signer.key, state: 'compromised' }] })
    vi.resetModules()
    routes = await import('../../../../../workers/edge/routes/status-lists.ts')
    await expectProblem(await get(120_000), 503, 'status_list_unavailable')
  })
})
