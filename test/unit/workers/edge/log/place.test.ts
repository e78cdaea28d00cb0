import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type CertificateRecord, certificateKey } from '../../../../../schema/kv.ts'
import type { Verification } from '../../../../../schema/wire/verification.ts'
import { ID, publish, setRevoked, TestSigner } from './certificates.ts'
import { edgeOf, entries, type FakeEdge, NOW, TestLog } from './support.ts'

vi.setConfig({ hookTimeout: 120_000 })

let signer: TestSigner
let record: CertificateRecord
beforeAll(async () => {
  signer = await TestSigner.create()
  record = await signer.certificate({ issued_at: new Date(NOW - 1_000).toISOString() })
})

let log: TestLog
let edge: FakeEdge
let routes: typeof import('../../../../../workers/edge/routes/certificates.ts')
let pages: typeof import('../../../../../workers/edge/routes/pages.ts')
beforeEach(async () => {
  vi.resetModules()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  routes = await import('../../../../../workers/edge/routes/certificates.ts')
  pages = await import('../../../../../workers/edge/routes/pages.ts')
  log = await TestLog.create()
  await log.grow(...(await entries(10)))
  edge = await edgeOf(log, { keys: [signer.key] })
  setRevoked(edge)
})
afterEach(() => {
  vi.useRealTimers()
})

async function logOf(later = 0): Promise<unknown> {
  vi.setSystemTime(NOW + later)
  const response = await routes.getCertificate(edge.request(later), ID)
  expect(response.status).toBe(200)
  return ((await response.json()) as { log?: unknown }).log
}
async function verdictOf(later = 0): Promise<Verification> {
  vi.setSystemTime(NOW + later)
  return (await (await routes.verifyCertificate(edge.request(later), ID)).json()) as Verification
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))
const included = (index: number) => ({ state: 'included', leaf_hash: log.leafHash(index), index })

describe('where the log has a certificate', () => {
  test('is told by the first answer when KV knows it', async () => {
    const index = await publish(edge, log, record, 10)
    expect(await logOf()).toEqual(included(index))
    expect(edge.coreAsked).toEqual([])
  })

  test('is shown on the page', async () => {
    await publish(edge, log, record, 10)
    const page = await (await pages.getCertificatePage(edge.request(), ID)).text()
    expect(page).toContain('Entry 10')
    expect(page).toContain(log.leafHash(10))
  })

  test('is told about a second after the entry has come, though KV was read before', async () => {
    const { signed, ...head } = record
    edge.kv.set(certificateKey(ID), `${JSON.stringify(head)}\n${signed}`)
    expect(await logOf()).toBeUndefined()
    await settled()
    expect(edge.coreAsked.length).toBe(1)
    // Asked no more often than once a second.
    for (const later of [100, 500, 900]) expect(await logOf(later)).toBeUndefined()
    await settled()
    expect(edge.coreAsked.length).toBe(1)
    const index = await publish(edge, log, record)
    await logOf(1_000)
    await settled()
    expect(await logOf(1_100)).toEqual(included(index))
    const asked = edge.coreAsked.length
    for (const later of [20_000, 40_000]) expect(await logOf(later)).toEqual(included(index))
    expect(edge.coreAsked.length).toBe(asked)
  })

  test('is a hint, which needs no R2 and costs a look-up nothing', async () => {
    const index = await publish(edge, log, record, 10)
    log.r2.away = true
    for (const later of [0, 2_000, 40_000]) expect(await logOf(later)).toEqual(included(index))
    expect(log.r2.asked).toEqual([])
  })

  test('is proven by a verdict, and told as it was proven from then on', async () => {
    const index = await publish(edge, log, record, 3)
    expect(await logOf()).toMatchObject({ index: 3 })
    await verdictOf()
    await settled()
    expect(await logOf(10)).toEqual(included(index))
    expect((await verdictOf(20)).checks.log).toEqual({ result: 'passed', reason: null })
  })

  test('is in no verdict when it cannot be proven, and the certificate is answered all the same', async () => {
    await publish(edge, log, record, 10)
    log.r2.tamper('log/tile/0/000.p/11', 3)
    for (const later of [0, 20_000]) {
      const { verdict, checks } = await verdictOf(later)
      await settled()
      expect([verdict, checks.log.result]).toEqual(['valid', 'not_evaluated'])
    }
  })
})
