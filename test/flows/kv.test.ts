import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { rotateSigningKeys } from '../../core/keys/rotate.ts'
import { publishTrustRoot } from '../../core/keys/trust-root.ts'
import {
  type CertificateRecord,
  certificateKey,
  readRecord,
  TRUST_ROOT_KEY,
  writeRecord,
} from '../../schema/kv.ts'
import { withContext } from '../../stack/provision.ts'
import { CORE } from '../../stack/worker-configuration.ts'
import { attacker, forge } from '../support/attacker.ts'
import { type Answer, call } from '../support/client.ts'
import {
  expectProblem,
  issue,
  issueId,
  metric,
  revoke,
  SMALL_CHANGE,
  verify,
  withoutLog,
} from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const PATIENCE = { timeout: 30_000, interval: 100 }
const REJECTED = 'coderisk_edge_kv_rejected_total'
const ROOT_REJECTED = 'coderisk_edge_trust_root_rejected_total'
const CORE_READS = 'coderisk_edge_certificate_core_reads_total'
/** Well-formed, and of no key that exists. */
const OTHER_KID = 'key-202601-0badcafe'

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

const kv = () => network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)
const get = (path: string): Promise<Answer> => call(network.baseUrl, path)
const servedRoot = async () => (await get('/.well-known/coderisk/trust-root.json')).text
const jwks = async () => (await get('/.well-known/jwks.json')).text

/** Nothing is on its way to KV any more, so that nothing overwrites what a test puts there. */
async function settled(): Promise<void> {
  await vi.waitUntil(async () => (await network.sql`SELECT FROM outbox`).length === 0, PATIENCE)
}

/** What KV holds of a certificate; null when that is nothing. */
async function stored(id: string): Promise<CertificateRecord | null> {
  const text: string | null = await (await kv()).get(certificateKey(id), 'text')
  return text === null ? null : readRecord(text)
}

/** Issued, and published with its place in the log; never asked for, so that this isolate holds nothing of it. */
async function published(
  body: object = SMALL_CHANGE,
): Promise<{ certificate: Answer; id: string; record: CertificateRecord }> {
  const certificate = await issue(network, body)
  expect(certificate.status, certificate.text).toBe(201)
  const id = certificate.json.certificate_id
  await network.workers().runCron('* * * * *')
  await vi.waitUntil(async () => (await stored(id))?.logIndex !== undefined, PATIENCE)
  await settled()
  return { certificate, id, record: (await stored(id))! }
}

async function emptyKv(): Promise<void> {
  await settled()
  const namespace = await kv()
  for (const { name } of (await namespace.list()).keys) await namespace.delete(name)
  expect((await namespace.list()).keys).toEqual([])
}

describe('with KV emptied', () => {
  it('reads come from the core, say the same, and fill KV again', async () => {
    const { certificate, id } = await published()
    const revoked = await issueId(network)
    expect((await revoke(network, revoked)).status).toBe(200)
    const [badge, root, keys] = [await get(`/badges/${id}.svg`), await servedRoot(), await jwks()]
    await emptyKv()
    await network.restartWorkers()

    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
    expect(await metric(network, CORE_READS)).toBe(1)
    expect(await verify(network, id)).toMatchObject({ verdict: 'valid', reasons: [], status_source: 'core' })
    expect((await get(`/badges/${id}.svg`)).text).toBe(badge.text)
    expect((await get(`/certs/${id}`)).status).toBe(200)
    expect(await verify(network, revoked)).toMatchObject({ verdict: 'invalid', reasons: ['revoked'] })
    expect([await servedRoot(), await jwks()]).toEqual([root, keys])
    expectProblem(await get('/v1/trust/certs/CERT-2026-0000000000000000'), 404, 'certificate_not_found')

    for (const read of [id, revoked]) {
      await vi.waitUntil(async () => (await stored(read)) !== null, PATIENCE)
    }
    await network.workers().runCron('*/5 * * * *')
    expect(await (await kv()).get(TRUST_ROOT_KEY)).toBe(root)
    expect(await metric(network, REJECTED)).toBe(0)

    await network.restartWorkers()
    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
    expect([
      await metric(network, CORE_READS),
      await metric(network, 'coderisk_edge_certificate_kv_hits_total'),
    ]).toEqual([0, 1])
  })

  it('what this isolate holds needs neither KV nor the core', async () => {
    const { certificate, id } = await published()
    expect((await verify(network, id)).verdict).toBe('valid')
    const before = await metric(network, CORE_READS)
    await emptyKv()
    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
    expect((await verify(network, id)).verdict).toBe('valid')
    expect(await metric(network, CORE_READS)).toBe(before)
  })

  it('and the database away too, nothing is said to be absent or invalid; when it is back all is right', async () => {
    const { certificate, id } = await published()
    await emptyKv()
    const stopped = network.cluster().stop()
    try {
      await stopped
      await network.restartWorkers()
      const answer = await get(`/v1/trust/certs/${id}`)
      expectProblem(answer, 503, 'core_unavailable')
      expect(answer.headers['retry-after']).toMatch(/^\d+$/)
      expect(await verify(network, id)).toMatchObject({
        certificate_id: id,
        verdict: 'indeterminate',
        status: 'unknown',
        status_source: 'none',
        signature_valid: false,
      })
      const shown = await call(network.baseUrl, '/v1/trust/verify-signature', { body: certificate.json })
      expect(shown.json).toMatchObject({ verdict: 'indeterminate', status: 'unknown' })
      const badge = await get(`/badges/${id}.svg`)
      expect([badge.status, badge.text.includes('CodeRisk: unknown')]).toEqual([200, true])
      expect((await get(`/certs/${id}`)).status).toBe(503)
      for (const path of ['/.well-known/jwks.json', '/.well-known/coderisk/trust-root.json']) {
        expectProblem(await get(path), 503, 'core_unavailable')
      }
      const ready = await get('/readyz')
      expect([ready.status, ready.json.components]).toMatchObject([
        503,
        { trust_root: 'unavailable', database: 'unavailable' },
      ])
    } finally {
      await network.restartDatabase()
    }
    await vi.waitUntil(async () => (await get(`/v1/trust/certs/${id}`)).status === 200, PATIENCE)
    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
    expect((await verify(network, id)).verdict).toBe('valid')
  })
})

/** What a record is made of, right or wrong. */
type Parts = { signed: unknown } & Record<string, unknown>
type Tamper = (record: CertificateRecord, other: CertificateRecord) => Parts
const write = (parts: Parts) => writeRecord(parts as unknown as CertificateRecord)
const TAMPERED: readonly (readonly [string, Tamper])[] = [
  [
    'one signed member changed',
    (record) => ({
      ...record,
      signed: record.signed.replace('"ai_tool":"claude-code-v1.0"', '"ai_tool":"claude-code-v9.9"'),
    }),
  ],
  ['a signed member added', (record) => ({ ...record, signed: record.signed.replace('{', '{"a":1,') })],
  [
    'a signed member twice',
    (record) => ({ ...record, signed: record.signed.replace('{', '{"ai_tool":"other-v1",') }),
  ],
  ['a space in the signed text', (record) => ({ ...record, signed: `${record.signed} ` })],
  ['another valid certificate', (_, other) => ({ ...other })],
  ['the signature of another certificate', (record, other) => ({ ...record, signature: other.signature })],
  ['no signature', ({ signature: _, ...record }) => record],
  ['an empty signature', (record) => ({ ...record, signature: { ...record.signature, value: '' } })],
  ['another algorithm', (record) => ({ ...record, signature: { ...record.signature, algorithm: 'none' } })],
  [
    'an unknown key',
    (record) => ({ ...record, signature: { ...record.signature, public_key_id: OTHER_KID } }),
  ],
  ['a later version of the record', (record) => ({ ...record, v: 2 })],
  ['a number as signed text', (record) => ({ ...record, signed: 5 })],
  ['a number as signature', (record) => ({ ...record, signature: { ...record.signature, value: 5 } })],
  ['null as signature', (record) => ({ ...record, signature: null })],
  ['signed text that is no object', (record) => ({ ...record, signed: '"valid"' })],
  ['signed text of great depth', (record) => ({ ...record, signed: '['.repeat(200_000) })],
  ['a line feed before the signed text', (record) => ({ ...record, signed: `\n${record.signed}` })],
  ['no signed text', (record) => ({ ...record, signed: '' })],
]
const RAW: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['garbage', '\u0000\uffff not JSON {'],
  ['half a record', '{"v":1,"generation":1,"signa'],
  ['a first line and no second', '{"v":1,"generation":1,"signature":{}}'],
  ['null', 'null\nnull'],
  ['a list', '[]\n{}'],
  ['markup', '<script>alert(1)</script>'],
]

describe('a tampered value in KV is refused, counted and replaced, and the right answer comes from the core:', () => {
  let other: CertificateRecord
  beforeAll(async () => {
    await network.restartWorkers()
    other = (await published()).record
  })

  it.each(TAMPERED)('%s', async (_, tamper) => {
    const issued = await published()
    const value = write(tamper(issued.record, other))
    expect(value).not.toBe(writeRecord(issued.record))
    await expectRefused(issued, value)
  })

  it.each(RAW)('%s', async (_, value) => expectRefused(await published(), value))

  it('a forgery that its own key signed', async () => {
    const issued = await published()
    await expectRefused(
      issued,
      writeRecord(forge(issued.record, attacker(), issued.record.signature.public_key_id)),
    )
    const again = await published()
    await expectRefused(again, writeRecord(forge(again.record, attacker(), OTHER_KID)))
  })

  it('of a revoked certificate', async () => {
    const issued = await published()
    expect((await revoke(network, issued.id)).status).toBe(200)
    await settled()
    await (await kv()).put(certificateKey(issued.id), writeRecord(other))
    expect(await verify(network, issued.id)).toMatchObject({
      certificate_id: issued.id,
      verdict: 'invalid',
      reasons: ['revoked'],
    })
    const served = (await get(`/v1/trust/certs/${issued.id}`)).json
    const { log: _, ...certificate } = issued.certificate.json
    expect(served).toMatchObject({ ...certificate, status: 'revoked' })
  })

  async function expectRefused(issued: Awaited<ReturnType<typeof published>>, value: string): Promise<void> {
    const { id, certificate, record } = issued
    await (await kv()).put(certificateKey(id), value)
    const before = await metric(network, REJECTED)
    expect(await verify(network, id)).toMatchObject({
      certificate_id: id,
      verdict: 'valid',
      signature_valid: true,
    })
    expect(await metric(network, REJECTED)).toBe(before + 1)
    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
    // Published again after a moment; until then KV holds what need not even be JSON.
    await vi.waitFor(
      async () => expect(await stored(id)).toEqual({ ...record, generation: expect.any(Number) }),
      PATIENCE,
    )
  }
})

describe('what nobody signed in a record whose signature holds', () => {
  it('is never served', async () => {
    const { certificate, id, record } = await published()
    const more = {
      ...record,
      status: 'revoked',
      note: 'x',
      signature: { ...record.signature, note: 'forged', status: 'revoked' },
    }
    await (await kv()).put(certificateKey(id), write(more))
    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
  })
})

describe('the trust root in KV', () => {
  it.each([
    [
      'changed under its signature',
      (root: Root) => ({ ...root, payload: encode({ ...decode(root), version: 99 }) }),
    ],
    [
      'signed by another key',
      (root: Root) => signRoot(decode(root), generateKeyPairSync('ed25519').privateKey),
    ],
    ['unsigned', (root: Root) => ({ ...root, protected: encode({ alg: 'none' }), signature: '' })],
    ['with an HMAC by the public key', (root: Root) => ({ ...root, protected: encode({ alg: 'HS256' }) })],
    [
      'expired',
      (root: Root) =>
        signRoot({ ...decode(root), expires_at: new Date(Date.now() - 1000).toISOString() }, rootKey()),
    ],
    ['of another type', (root: Root) => signRoot({ ...decode(root), type: 'other' }, rootKey())],
    [
      'with a key in an unknown state',
      (root: Root) =>
        signRoot({ ...decode(root), keys: [{ ...decode(root).keys[0], state: 'new' }] }, rootKey()),
    ],
    ['a list', (root: Root) => [root]],
    ['garbage', () => 'garbage'],
  ] as const)('%s is refused, and the answers are right', async (_, tamper) => {
    const { certificate, id, record } = await published()
    const [trusted, keys] = [await servedRoot(), await jwks()]
    const evil = attacker()
    await (await kv()).put(TRUST_ROOT_KEY, JSON.stringify(tamper(JSON.parse(trusted))))
    await (await kv()).put(certificateKey(id), writeRecord(forge(record, evil, OTHER_KID)))
    await network.restartWorkers()
    expect(await verify(network, id)).toMatchObject({
      verdict: 'valid',
      risk_score: certificate.json.risk_score,
    })
    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
    expect([await servedRoot(), await jwks()]).toEqual([trusted, keys])
    expect(await metric(network, ROOT_REJECTED)).toBeGreaterThan(0)
    expect(await metric(network, REJECTED)).toBe(1)
  })

  it('that names an attacker’s key under its own signature gives that key no worth', async () => {
    const { certificate, id, record } = await published()
    const trusted = await servedRoot()
    const evil = attacker()
    const { n, e } = evil.publicKey.export({ format: 'jwk' })
    const theirs = { ...decode(JSON.parse(trusted)).keys[0]!, kid: OTHER_KID, jwk: { kty: 'RSA', n, e } }
    const root = signRoot(
      { ...decode(JSON.parse(trusted)), version: 99, keys: [theirs] },
      generateKeyPairSync('ed25519').privateKey,
    )
    await (await kv()).put(TRUST_ROOT_KEY, JSON.stringify(root))
    await (await kv()).put(certificateKey(id), writeRecord(forge(record, evil, OTHER_KID)))
    await network.restartWorkers()
    expect(withoutLog((await get(`/v1/trust/certs/${id}`)).text)).toBe(withoutLog(certificate.text))
    expect((await jwks()).includes(OTHER_KID)).toBe(false)
    expect(await servedRoot()).toBe(trusted)
  })

  it('rolled back to an older version does not win over the newer one that was seen', async () => {
    const older = await servedRoot()
    await withContext(network.provisioning, publishTrustRoot)
    await network.workers().runCron('* * * * *')
    await settled()
    await network.restartWorkers()
    const newer = await servedRoot()
    expect(decode(JSON.parse(newer)).version).toBe(decode(JSON.parse(older)).version + 1)
    await (await kv()).put(TRUST_ROOT_KEY, older)
    const { certificate, id } = await published()
    await vi.waitUntil(async () => {
      // A kid that is not in the trust root has the edge ask for a newer one.
      const { signature } = certificate.json
      const body = { ...certificate.json, signature: { ...signature, public_key_id: OTHER_KID } }
      const shown = await call(network.baseUrl, '/v1/trust/verify-signature', { body })
      expect(shown.json).toMatchObject({
        verdict: 'invalid',
        reasons: expect.arrayContaining(['key_unknown']),
      })
      return (await metric(network, ROOT_REJECTED)) > 0
    }, PATIENCE)
    expect(await servedRoot()).toBe(newer)
    expect((await verify(network, id)).verdict).toBe('valid')
  })

  it('older than the key that signed: the newer is had from the core', async () => {
    const older = await servedRoot()
    await network.sql`UPDATE signing_keys SET created_at = now() - interval '100 days', activated_at = now() - interval '100 days' WHERE livemode`
    // Made, then used: two steps.
    for (const _ of ['pending', 'active']) await withContext(network.provisioning, rotateSigningKeys)
    await network.workers().runCron('* * * * *')
    await network.restartWorkers()
    const { certificate, id } = await published()
    expect(
      decode(JSON.parse(older)).keys.some((key) => key.kid === certificate.json.signature.public_key_id),
    ).toBe(false)
    await (await kv()).put(TRUST_ROOT_KEY, older)
    await network.restartWorkers()
    expect(await verify(network, id)).toMatchObject({ verdict: 'valid', reasons: [], signature_valid: true })
    const shown = await call(network.baseUrl, '/v1/trust/verify-signature', { body: certificate.json })
    expect(shown.json).toMatchObject({ verdict: 'valid' })
  })
})

type Root = Readonly<Record<'protected' | 'payload' | 'signature', string>>
type RootPayload = { readonly version: number; readonly keys: readonly { readonly kid: string }[] }

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = ({ payload }: Root): RootPayload => JSON.parse(Buffer.from(payload, 'base64url').toString())
const rootKey = () => createPrivateKey({ key: { ...network.secrets.network_root_key }, format: 'jwk' })

/** RFC 7515 §7.2.2 with RFC 8037. */
function signRoot(payload: object, key: KeyObject): Root {
  const header = encode({ alg: 'EdDSA', typ: 'coderisk-trust-root+json' })
  const input = `${header}.${encode(payload)}`
  return {
    protected: header,
    payload: encode(payload),
    signature: sign(null, Buffer.from(input), key).toString('base64url'),
  }
}
