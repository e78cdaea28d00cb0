import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { verifyBundle } from '../../../../../core/verify/bundle.ts'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import {
  openCheckpoint,
  parseProof,
  parseVerifierKey,
  verifyInclusion,
} from '../../../../../core/verify/log/index.ts'
import { issuedLogEntry } from '../../../../../core/verify/log-entry.ts'
import { type CertificateRecord, certificateFormObject } from '../../../../../schema/kv.ts'
import { ID, INDEX, publish, putStatusToken, setRevoked, sigstoreForm, TestSigner } from './certificates.ts'
import { edgeOf, entries, type FakeEdge, NOW, TestLog } from './support.ts'

vi.setConfig({ hookTimeout: 120_000 })

let signer: TestSigner
let record: CertificateRecord
let jws: string
beforeAll(async () => {
  signer = await TestSigner.create()
  record = await signer.certificate()
  jws = await signer.jws(record.signed)
})

let log: TestLog
let edge: FakeEdge
let index: number
let routes: typeof import('../../../../../workers/edge/routes/forms.ts')
beforeEach(async () => {
  vi.resetModules()
  // Timers stay as they are.
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  routes = await import('../../../../../workers/edge/routes/forms.ts')
  log = await TestLog.create()
  await log.grow(...(await entries(300)))
  edge = await edgeOf(log, { keys: [signer.key] })
  index = await publish(edge, log, record, 300)
  setRevoked(edge, 5)
  await putStatusToken(log, await signer.statusToken([5]))
  log.r2.put(certificateFormObject(ID, 'jws'), jws)
  log.r2.put(certificateFormObject(ID, 'sigstore'), sigstoreForm(record))
})
afterEach(() => {
  vi.useRealTimers()
})

type Route = 'tlog-proof' | 'jws' | 'sigstore.json' | 'bundle'
const ALL: Route[] = ['tlog-proof', 'jws', 'sigstore.json', 'bundle']
function get(route: Route, id = ID, later = 0): Promise<Response> {
  vi.setSystemTime(NOW + later)
  const request = edge.request(later)
  if (route === 'tlog-proof') return routes.getLogProof(request, id)
  if (route === 'bundle') return routes.getBundle(request, id)
  return routes.getForm(request, id, route === 'jws' ? 'jws' : 'sigstore')
}

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, await response.json()]).toEqual([
    status,
    expect.objectContaining({ status, code }),
  ])
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
}

const verified = async (text: string) =>
  verifyBundle(text, { rootKey: JSON.parse(edge.env.NETWORK_ROOT_PUBLIC_KEY), now: new Date(Date.now()) })

describe('the forms of a certificate', () => {
  test.each<[Route, string]>([
    ['tlog-proof', 'text/plain; charset=utf-8'],
    ['jws', 'application/jose+json'],
    ['sigstore.json', 'application/json'],
    ['bundle', 'application/vnd.coderisk.bundle+json'],
  ])('%s: 200 for any origin, as %s', async (route, type) => {
    const response = await get(route)
    expect(response.status, await response.clone().text()).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    })
  })

  test('the JWS and the Sigstore bundle are as they were made', async () => {
    expect(await (await get('jws')).text()).toBe(jws)
    expect(await (await get('sigstore.json')).text()).toBe(sigstoreForm(record))
  })

  test('the proof is of the issue of this certificate', async () => {
    const proof = parseProof(await (await get('tlog-proof')).text())!
    const checkpoint = (await openCheckpoint(proof.checkpoint, parseVerifierKey(log.verifierKey)!))!
    const { leafHash } = await issuedLogEntry(JSON.parse(record.signed), utf8(record.signed))
    const { size, root } = checkpoint
    expect(proof.index).toBe(index)
    expect(verifyInclusion({ leafHash, index, size, hashes: proof.hashes, root })).toBe(true)
  })

  test('the bundle verifies with the pinned key alone, and says where the entry is', async () => {
    const response = await get('bundle')
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${ID}.bundle.json"`)
    const text = await response.text()
    const { verdict, statusAsOf } = await verified(text)
    expect(verdict).toMatchObject({ verdict: 'valid', reasons: [], status: 'valid' })
    expect(verdict.checks.log.result).toBe('passed')
    expect(statusAsOf).toBe(NOW)
    const { leafHash } = await issuedLogEntry(JSON.parse(record.signed), utf8(record.signed))
    const log = { state: 'included', leaf_hash: Buffer.from(leafHash).toString('hex'), index }
    expect(JSON.parse(text).certificate).toMatchObject({ certificate_id: ID, status: 'valid', log })
  })

  test('the bundle is kept for as long as its parts are the same', async () => {
    const first = await (await get('bundle')).text()
    await log.grow(...(await entries(10, 301)))
    expect(await (await get('bundle', ID, 2_000)).text()).toBe(first)
    await putStatusToken(log, await signer.statusToken([5], -4))
    const second = await (await get('bundle', ID, 5_000)).text()
    expect(second).not.toBe(first)
    expect((await verified(second)).statusAsOf).toBe(NOW + 4_000)
  })
})

describe('who has none', () => {
  test.each(ALL)('a revoked certificate: no %s, at once', async (route) => {
    expect((await get(route)).status).toBe(200)
    setRevoked(edge, INDEX)
    await expectProblem(await get(route, ID, 1_000), 410, 'certificate_revoked')
  })

  test.each(ALL)('a certificate of which nobody knows whether it is revoked: no %s', async (route) => {
    edge.core.readStatus = async () => null
    log.r2.objects.delete('status-lists/3')
    await expectProblem(await get(route), 503, 'core_unavailable')
  })

  test.each(ALL)('a test certificate: no %s', async (route) => {
    const test = await signer.certificate({ livemode: false })
    edge.kv.delete(`certificate:${ID}`)
    edge.core.lookUp = async () => ({ livemode: false, record: test, revocation: null })
    await expectProblem(await get(route), 404, 'certificate_not_found')
  })

  test.each(ALL)('an id that is not known, or is none: no %s', async (route) => {
    for (const id of ['CERT-2026-0000000000000000', 'CERT-2026-x', 'CERT-../../x', ''])
      await expectProblem(await get(route, id), 404, 'certificate_not_found')
  })

  test.each([
    'x.jws',
    '.jws',
    'jws.jws',
    'x.sigstore.json',
    'sigstore.jws',
    'x.tlog-proof',
    '/tlog-proof.jws',
  ])('a name that only begins like one: %s', async (rest) => {
    const { createRouter } = await import('../../../../../workers/edge/router.ts')
    const request = new Request(`https://trust.example/v1/trust/certs/${ID}.${rest}`)
    const answer = await createRouter().fetch(request, { edge: { ...edge.request(), request } })
    expect(answer.status).toBe(404)
    const good = new Request(`https://trust.example/v1/trust/certs/${ID}.jws`)
    const known = await createRouter().fetch(good, { edge: { ...edge.request(), request: good } })
    expect(known.status).toBe(200)
  })

  test.each<Route>(['tlog-proof', 'bundle'])(
    'a certificate whose entry is pending: no %s yet',
    async (route) => {
      const other = await signer.certificate({ certificate_id: 'CERT-2026-0123456789abcdef' })
      edge.kv.set(
        'certificate:CERT-2026-0123456789abcdef',
        `${JSON.stringify({ ...other, signed: undefined })}\n${other.signed}`,
      )
      log.r2.put(certificateFormObject('CERT-2026-0123456789abcdef', 'jws'), await signer.jws(other.signed))
      const pending = await get(route, 'CERT-2026-0123456789abcdef')
      expect(pending.headers.get('retry-after')).toBe('1')
      await expectProblem(pending, 404, 'log_entry_not_found')
      await publish(edge, log, other)
      expect((await get(route, 'CERT-2026-0123456789abcdef', 2_000)).status).toBe(200)
    },
  )
})

describe('the place of the entry', () => {
  test.each<[string, number | undefined]>([
    ['none, since KV is behind', undefined],
    ['the one of another entry', 299],
    ['one that is not there', 5_000],
  ])('when KV says %s the core is asked, and no more once it has told', async (_, place) => {
    edge.kv.clear()
    const fresh = await edgeOf(log, { keys: [signer.key] })
    Object.assign(edge, { kv: fresh.kv, env: fresh.env, request: fresh.request, core: fresh.core })
    setRevoked(edge)
    const { logIndex, ...rest } = { ...record, logIndex: 0 }
    edge.kv.set(
      `certificate:${ID}`,
      `${JSON.stringify({ ...rest, ...(place === undefined ? {} : { logIndex: place }), signed: undefined })}\n${record.signed}`,
    )
    expect((await get('tlog-proof')).status).toBe(200)
    const asked = fresh.coreAsked.length
    expect(asked).toBeGreaterThan(0)
    for (const later of [10, 20_000]) expect((await get('tlog-proof', ID, later)).status).toBe(200)
    expect(fresh.coreAsked.length).toBe(asked)
  })

  test('what KV says rightly needs no core', async () => {
    expect((await get('tlog-proof')).status).toBe(200)
    expect(edge.coreAsked).toEqual([])
  })

  test('a tampered tile gives no proof, whoever says where it is', async () => {
    log.r2.tamper('log/tile/0/001.p/45', 3)
    await expectProblem(await get('tlog-proof'), 503, 'log_unavailable')
    await expectProblem(await get('bundle'), 503, 'log_unavailable')
  })
})

describe('a certificate whose own key is compromised', () => {
  let other: TestSigner
  beforeAll(async () => {
    other = await TestSigner.create('key-202701-ffffffff')
  })

  async function compromised(log_index?: number): Promise<void> {
    const index = log_index === undefined ? {} : { compromised_log_index: log_index }
    await edge.publishTrustRoot({
      version: 2,
      keys: [{ ...signer.key, state: 'compromised', ...index }, other.key],
    })
    await putStatusToken(log, await other.statusToken([5]))
    const made = { jws: await other.jws(record.signed), sigstore: sigstoreForm(record, {}, other.key.kid) }
    edge.core.form = async (_id: never, form: 'jws' | 'sigstore') => ({ ok: true, text: made[form] })
  }

  test.each(ALL)('has its %s where the log has it from before', async (route) => {
    await compromised(index + 1)
    expect((await get(route)).status).toBe(200)
  })

  test.each(ALL)('has no %s else: another key would give it back its worth', async (route) => {
    await compromised(index)
    const refused = await get(route)
    expect(await refused.clone().json()).toMatchObject({ detail: 'key_compromised' })
    await expectProblem(refused, 410, 'certificate_invalid')
  })

  test.each(ALL)('has no %s while nobody knows since when', async (route) => {
    await compromised()
    await expectProblem(await get(route), 410, 'certificate_invalid')
  })

  test.each(ALL)('has no %s for now where the log cannot be read', async (route) => {
    await compromised(index + 1)
    log.r2.objects.delete('log/checkpoint')
    await expectProblem(await get(route), 503, 'log_unavailable')
  })
})

describe('a key that is compromised by now', () => {
  test.each(['jws', 'sigstore.json'] as const)('its %s is made anew by another', async (route) => {
    const other = await TestSigner.create('key-202701-ffffffff')
    const byOther = {
      jws: await other.jws(record.signed),
      'sigstore.json': sigstoreForm(record, {}, other.key.kid),
    }
    const byUs = { jws, 'sigstore.json': sigstoreForm(record) }
    log.r2.put(certificateFormObject(ID, route === 'jws' ? 'jws' : 'sigstore'), byOther[route])
    const form = async () => ({ ok: true as const, text: byUs[route] })
    for (const [state, served] of [
      ['retired', byOther[route]],
      ['compromised', byUs[route]],
    ] as const) {
      vi.resetModules()
      routes = await import('../../../../../workers/edge/routes/forms.ts')
      const fresh = await edgeOf(log, { keys: [signer.key, { ...other.key, state }] })
      Object.assign(edge, { env: fresh.env, request: fresh.request, core: fresh.core })
      for (const [key, value] of edge.kv) if (!fresh.kv.has(key)) fresh.kv.set(key, value)
      setRevoked(edge)
      edge.core.form = form
      expect(await (await get(route)).text()).toBe(served)
    }
  })
})

describe('an R2 that cannot be believed', () => {
  test.each<[string, () => Promise<string> | string]>([
    [
      'another certificate’s',
      async () =>
        signer.jws((await signer.certificate({ certificate_id: 'CERT-2026-0123456789abcdef' })).signed),
    ],
    ['this certificate’s with another member', () => signer.jws(record.signed.replace('"LOW"', '"HIGH"'))],
    [
      'one signed by nobody',
      () =>
        JSON.stringify({
          ...JSON.parse(jws),
          signature: JSON.parse(jws).signature.replace(/^./, (c: string) => (c === 'A' ? 'B' : 'A')),
        }),
    ],
    [
      'one by another key',
      async () =>
        jws.replace(
          /"protected":"[^"]*"/,
          `"protected":"${Buffer.from('{"alg":"RS256","kid":"key-202701-ffffffff"}').toString('base64url')}"`,
        ),
    ],
    ['no JSON', () => 'x'],
    ['no JWS', () => '{"protected":1}'],
    ['nothing', () => ''],
  ])('a JWS that is %s is not answered: the core is asked', async (_, tampered) => {
    log.r2.put(certificateFormObject(ID, 'jws'), await tampered())
    edge.core.form = async () => ({ ok: true, text: jws })
    expect(await (await get('jws')).text()).toBe(jws)
    expect((await get('bundle')).status).toBe(200)
  })

  test.each<[string, () => string]>([
    [
      'another certificate’s',
      () => sigstoreForm({ ...record, signed: record.signed.replace(ID, 'CERT-2026-0123456789abcdef') }),
    ],
    ['without a predicate', () => sigstoreForm(record, { predicate: undefined })],
    ['no envelope', () => '{}'],
    ['no base64', () => '{"dsseEnvelope":{"payload":"*"}}'],
    ['no statement', () => '{"dsseEnvelope":{"payload":"AAAA"}}'],
    ['of what has no canonical form', () => sigstoreForm(record, { predicate: '\ud800' })],
  ])('a Sigstore bundle that is %s is not answered', async (_, tampered) => {
    log.r2.put(certificateFormObject(ID, 'sigstore'), tampered())
    edge.core.form = async () => ({ ok: true, text: sigstoreForm(record) })
    expect(await (await get('sigstore.json')).text()).toBe(sigstoreForm(record))
    edge.core.form = async () => ({ ok: true, text: tampered() })
    vi.resetModules()
    routes = await import('../../../../../workers/edge/routes/forms.ts')
    await expectProblem(await get('sigstore.json'), 503, 'core_unavailable')
  })

  test('without a status list there is no bundle', async () => {
    log.r2.objects.delete('status-lists/3')
    await expectProblem(await get('bundle'), 503, 'status_list_unavailable')
  })
})

describe('a form that R2 does not have', () => {
  beforeEach(() => {
    log.r2.objects.delete(certificateFormObject(ID, 'jws'))
  })

  test('is made by the core, and asked for once', async () => {
    const asked: string[] = []
    edge.core.form = async (...args: never[]) => {
      asked.push(args.join(' '))
      return { ok: true, text: jws }
    }
    for (const later of [0, 5_000]) expect(await (await get('jws', ID, later)).text()).toBe(jws)
    expect(asked).toEqual([`${ID} jws`])
  })

  test.each<[string, number]>([
    ['certificate_revoked', 410],
    ['certificate_not_found', 404],
    ['signing_unavailable', 503],
    ['database_unavailable', 503],
  ])('is refused as the core refuses it: %s', async (code, status) => {
    edge.core.form = async () => ({ ok: false, code })
    await expectProblem(await get('jws'), status, code)
    await expectProblem(await get('bundle'), status, code)
  })

  test('is refused when the core says something unheard of, or nothing', async () => {
    edge.core.form = async () => ({ ok: false, code: 'of_tomorrow' })
    await expectProblem(await get('jws'), 503, 'core_unavailable')
    edge.core.form = async () => {
      throw new Error('away')
    }
    await expectProblem(await get('jws'), 503, 'core_unavailable')
  })

  test('is asked for at a limited rate', async () => {
    edge.limited = true
    const limited = await get('jws')
    expect(limited.headers.get('ratelimit-policy')).toContain('"miss"')
    await expectProblem(limited, 429, 'rate_limited')
  })
})
