import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { formatProof } from '../../../../core/verify/log/index.ts'
import { type CertificateRecord, TRUST_ROOT_KEY } from '../../../../schema/kv.ts'
import type { Verification } from '../../../../schema/wire/verification.ts'
import { ID, INDEX, LIST, publish, putStatusToken, setRevoked, TestSigner } from './log/certificates.ts'
import { edgeOf, entries, type FakeEdge, NOW, TestLog } from './log/support.ts'

vi.setConfig({ hookTimeout: 120_000 })

let signer: TestSigner
let record: CertificateRecord
beforeAll(async () => {
  signer = await TestSigner.create()
  record = await signer.certificate()
})

let log: TestLog
let edge: FakeEdge
let routes: typeof import('../../../../workers/edge/routes/certificates.ts')
let shown: typeof import('../../../../workers/edge/routes/verify-signature.ts')
beforeEach(async () => {
  vi.resetModules()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  routes = await import('../../../../workers/edge/routes/certificates.ts')
  shown = await import('../../../../workers/edge/routes/verify-signature.ts')
  log = await TestLog.create()
  await log.grow(...(await entries(10)))
  edge = await edgeOf(log, { keys: [signer.key] })
  setRevoked(edge)
})
afterEach(() => {
  vi.useRealTimers()
})

async function verify(later = 0): Promise<Verification> {
  vi.setSystemTime(NOW + later)
  const request = edge.request(later)
  const response =
    routes.answerFromMemory(request, ID, 'verify') ?? (await routes.verifyCertificate(request, ID))
  expect(response.status).toBe(200)
  return (await response.json()) as Verification
}

async function verifyShown(body: string, later = 0): Promise<Verification> {
  vi.setSystemTime(NOW + later)
  const response = await shown.verifySignature(edge.request(later, { method: 'POST', body }))
  expect(response.status).toBe(200)
  return (await response.json()) as Verification
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 50))
const summary = ({ verdict, reasons, status_source }: Verification) =>
  [verdict, ...reasons, status_source].join(' ')
const listAsked = () => log.r2.asked.filter((key) => key.startsWith('status-lists/')).length

describe('a fresh certificate', () => {
  test('is valid before the log has been looked into, and says so', async () => {
    await publish(edge, log, record)
    const { verdict, status, checks } = await verify()
    expect([verdict, status]).toEqual(['valid', 'valid'])
    expect(checks.log).toEqual({ result: 'not_evaluated', reason: 'log_not_asked' })
    expect(checks.witnesses).toEqual(checks.log)
    expect(checks).not.toHaveProperty('code_hash')
  })

  test('says that the log has it, once that has been proven in the background', async () => {
    await publish(edge, log, record)
    await verify()
    await settled()
    const { verdict, checks } = await verify(10)
    expect(verdict).toBe('valid')
    expect(checks.log).toEqual({ result: 'passed', reason: null })
    expect(checks.witnesses).toEqual({ result: 'not_evaluated', reason: 'no_witnesses_required' })
  })

  test('is none the worse for a place that does not hold, or for a log that is away', async () => {
    await publish(edge, log, record, 3)
    edge.core.logIndex = async () => 4
    await verify()
    await settled()
    expect((await verify(10)).checks.log.reason).toBe('log_not_asked')
    log.r2.away = true
    expect((await verify(60_000)).verdict).toBe('valid')
  })
})

describe('a certificate of a compromised key', () => {
  const compromised = (index?: number) => ({
    ...signer.key,
    state: 'compromised',
    ...(index === undefined ? {} : { compromised_log_index: index }),
  })

  test.each<[string, number | undefined, string]>([
    ['that the log had before', 11, 'valid core'],
    ['that the log had just after', 10, 'invalid key_compromised core'],
    ['of which nobody knows since when', undefined, 'invalid key_compromised core'],
  ])('%s: the first answer on it is %s', async (_, index, expected) => {
    await edge.publishTrustRoot({ keys: [compromised(index)] })
    expect(await publish(edge, log, record, 10)).toBe(10)
    const first = await verify()
    expect(summary(first)).toBe(expected)
    // The next one comes from memory.
    expect(summary(await verify(10))).toBe(expected)
  })

  test('that the log had before: its text is served as valid from the first on', async () => {
    await edge.publishTrustRoot({ keys: [compromised(11)] })
    await publish(edge, log, record, 10)
    const response = await routes.getCertificate(edge.request(), ID)
    expect(await response.json()).toMatchObject({ certificate_id: ID, status: 'valid' })
  })

  test('is not valid while its proof cannot be had, and is once it can', async () => {
    await edge.publishTrustRoot({ keys: [compromised(11)] })
    await publish(edge, log, record, 10)
    log.r2.away = true
    expect(summary(await verify())).toBe('invalid key_compromised core')
    log.r2.away = false
    expect(summary(await verify(20_000))).toBe('valid core')
  })

  test('of another place in the log than its own has no proof', async () => {
    await edge.publishTrustRoot({ keys: [compromised(11)] })
    await publish(edge, log, record, 3)
    edge.core.logIndex = async () => 3
    expect(summary(await verify())).toBe('invalid key_compromised core')
  })
})

describe('when the core is away', () => {
  beforeEach(async () => {
    await publish(edge, log, record)
  })

  test('the last signed list tells the status, from when it was signed', async () => {
    edge.coreAway = true
    await putStatusToken(log, await signer.statusToken([], 60))
    const answer = await verify()
    expect(summary(answer)).toBe('valid signed_status_list')
    expect(answer.status_as_of).toBe(new Date(NOW - 60_000).toISOString())
  })

  test.each<[string, readonly number[], number, object, string]>([
    ['as old as may be', [], 300, {}, 'valid signed_status_list'],
    ['older', [], 301, {}, 'indeterminate status_stale signed_status_list'],
    ['past its own time', [], 10, { exp: NOW / 1000 }, 'indeterminate status_stale signed_status_list'],
    ['that revokes it', [INDEX], 10, {}, 'invalid revoked signed_status_list'],
    ['that revoked it long ago', [INDEX], 86_000, {}, 'invalid revoked signed_status_list'],
    ['that revokes another', [INDEX + 1], 10, {}, 'valid signed_status_list'],
    [
      'of another list',
      [],
      10,
      { sub: `https://trust.example/v1/status-lists/${LIST + 1}` },
      'indeterminate status_unavailable none',
    ],
    [
      'that is too short',
      [],
      10,
      { status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ' } },
      'indeterminate status_unavailable none',
    ],
  ])('a list %s', async (_, revoked, age, claims, expected) => {
    edge.coreAway = true
    await putStatusToken(log, await signer.statusToken(revoked, age, claims))
    expect(summary(await verify())).toBe(expected)
  })

  test('a list that somebody else signed tells nothing', async () => {
    edge.coreAway = true
    const [header, payload] = (await signer.statusToken([], 10)).split('.')
    const [, , signature] = (await signer.statusToken([], 20)).split('.')
    await putStatusToken(log, [header, payload, signature].join('.'))
    expect(summary(await verify())).toBe('indeterminate status_unavailable none')
  })

  test('without any list nothing is known', async () => {
    edge.coreAway = true
    expect(summary(await verify())).toBe('indeterminate status_unavailable none')
    log.r2.away = true
    expect(summary(await verify(60_000))).toBe('indeterminate status_unavailable none')
  })

  test('the newer of what the core last said and of what was signed counts', async () => {
    await verify()
    edge.coreAway = true
    await putStatusToken(log, await signer.statusToken([], 60))
    expect(summary(await verify(1_000))).toBe('valid last_known_shard')
    // Later than that it was signed again: R2 is asked in the background while the last known decides.
    await putStatusToken(log, await signer.statusToken([], -100))
    await verify(110_000)
    await settled()
    expect(summary(await verify(110_600))).toBe('valid signed_status_list')
  })

  test('what the core last said is too old: the list is waited for', async () => {
    await verify()
    edge.coreAway = true
    await putStatusToken(log, await signer.statusToken([], -200))
    expect(summary(await verify(301_000))).toBe('valid signed_status_list')
  })

  test('a revocation that either knows stays one', async () => {
    setRevoked(edge, INDEX)
    expect(summary(await verify())).toBe('invalid revoked core')
    edge.coreAway = true
    await putStatusToken(log, await signer.statusToken([], -400))
    expect(summary(await verify(400_000))).toBe('invalid revoked last_known_shard')
  })

  test('R2 is asked for the list no more than once a second', async () => {
    edge.coreAway = true
    await putStatusToken(log, await signer.statusToken([], 10))
    for (const later of [0, 100, 200, 900]) await verify(later)
    expect(listAsked()).toBe(1)
  })
})

test('while the core answers, R2 is not asked for the list', async () => {
  await publish(edge, log, record)
  await putStatusToken(log, await signer.statusToken())
  for (const later of [0, 100, 600, 1_200]) expect(summary(await verify(later))).toBe('valid core')
  expect(listAsked()).toBe(0)
})

describe('a bundle that is shown', () => {
  async function bundle(over: Record<string, unknown> = {}, token?: string): Promise<string> {
    const index = await publish(edge, log, record)
    const checkpoint = new TextDecoder().decode(log.r2.objects.get('log/checkpoint'))
    const { proveInclusion } = await import('../../../../core/verify/log/tree.ts')
    const readTile = async ({ level, index: at, width }: { level: number; index: number; width: number }) =>
      log.r2.objects.get(`log/tile/${level}/${String(at).padStart(3, '0')}.p/${width}`) ?? null
    const hashes = await proveInclusion(index, log.size, readTile)
    return JSON.stringify({
      media_type: 'application/vnd.coderisk.bundle+json',
      schema_version: '1.0',
      certificate: { ...JSON.parse(record.signed), signature: record.signature },
      trust_root: JSON.parse(edge.kv.get(TRUST_ROOT_KEY)!),
      status_list: token ?? (await signer.statusToken([], 60)),
      log_proof: formatProof({ index, hashes, checkpoint }),
      jws: JSON.parse(await signer.jws(record.signed)),
      ...over,
    })
  }

  test('is judged by what it brings, and by live status', async () => {
    const answer = await verifyShown(await bundle())
    expect(summary(answer)).toBe('valid core')
    expect(answer.checks.log).toEqual({ result: 'passed', reason: null })
    expect(answer).toMatchObject({ certificate_id: ID, signature_valid: true, risk_level: 'LOW' })
  })

  test('is revoked when the core says so, whatever it brings', async () => {
    setRevoked(edge, INDEX)
    expect(summary(await verifyShown(await bundle()))).toBe('invalid revoked core')
  })

  test('brings its status along when nobody else knows it', async () => {
    edge.coreAway = true
    expect(summary(await verifyShown(await bundle()))).toBe('valid signed_status_list')
  })

  test('with a token that is too old for this, nobody else knowing, is stale', async () => {
    edge.coreAway = true
    const old = await signer.statusToken([], 301)
    expect(summary(await verifyShown(await bundle({}, old)))).toBe(
      'indeterminate status_stale signed_status_list',
    )
  })

  test.each<[string, () => Promise<Record<string, unknown>>, string]>([
    [
      'of another network',
      async () => ({ trust_root: await strangersRoot() }),
      'indeterminate trust_root_not_pinned status_unavailable none',
    ],
    [
      'with the JWS of something else',
      async () => ({ jws: JSON.parse(await signer.jws('{}')) }),
      'invalid jws_mismatch signed_status_list',
    ],
    ['with a proof of nothing', async () => ({ log_proof: '' }), 'invalid log_proof_invalid core'],
    [
      'of another version',
      async () => ({ schema_version: '2.0' }),
      'invalid malformed status_unavailable none',
    ],
  ])('%s', async (_, over, expected) => {
    expect(summary(await verifyShown(await bundle(await over())))).toBe(expected)
  })

  async function strangersRoot(): Promise<unknown> {
    const stranger = await edgeOf(log, { keys: [signer.key] })
    return JSON.parse(stranger.kv.get(TRUST_ROOT_KEY)!)
  }
})
