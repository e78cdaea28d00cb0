import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { exportJWK, FlattenedSign, generateKeyPair, type JWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { isKid, jsonWebKeySet, openTrustRoot, type TrustRootKey } from '../../../../core/verify/trust-root.ts'
import { makeTrustRoot } from './fixtures.ts'

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let rootKey: Pair
let attacker: Pair
let pinned: JWK

const NOW = new Date('2026-11-21T00:00:00.000Z')
const ENTRY: TrustRootKey = {
  kid: 'key-202611-0a1b2c3d',
  algorithm: 'RS256',
  state: 'active',
  valid_from: '2026-11-01T00:00:00.000Z',
  valid_to: null,
  jwk: { kty: 'RSA', n: 'n', e: 'AQAB' },
  pem: '',
}
const ROOT = makeTrustRoot(ENTRY)

beforeAll(async () => {
  rootKey = await generateKeyPair('Ed25519', { extractable: true })
  attacker = await generateKeyPair('Ed25519', { extractable: true })
  pinned = await exportJWK(rootKey.publicKey)
})

async function signed(payload: unknown, header: object = {}, by = rootKey) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const {
    protected: head,
    payload: body,
    signature,
  } = await new FlattenedSign(Buffer.from(text))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'coderisk-trust-root+json', ...header })
    .sign(by.privateKey)
  return { protected: head!, payload: body, signature }
}

async function open(jws: unknown, more: { now?: Date; minimumVersion?: number } = {}) {
  const opened = await openTrustRoot(jws, pinned, { now: NOW, ...more })
  return opened.ok ? 'opened' : opened.reason
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('openTrustRoot', () => {
  test('opens what the pinned key signed', async () => {
    expect(await openTrustRoot(await signed(ROOT), pinned, { now: NOW })).toEqual({
      ok: true,
      trustRoot: ROOT,
    })
  })

  test.each<[string, number | undefined, string]>([
    ['none yet', undefined, 'opened'],
    ['an older one', 6, 'opened'],
    ['this very one', 7, 'opened'],
    ['a newer one', 8, 'trust_root_rolled_back'],
  ])('having seen %s', async (_, minimumVersion, expected) => {
    const seen = minimumVersion === undefined ? {} : { minimumVersion }
    expect(await open(await signed(ROOT), seen)).toBe(expected)
  })

  test.each([
    ['2026-12-19T23:59:59.999Z', 'opened'],
    ['2026-12-20T00:00:00.000Z', 'trust_root_expired'],
    ['2030-01-01T00:00:00.000Z', 'trust_root_expired'],
  ])('at %s: %s', async (now, expected) => {
    expect(await open(await signed(ROOT), { now: new Date(now) })).toBe(expected)
  })

  test.each<[string, () => Promise<unknown>]>([
    ["another key's signature", () => signed(ROOT, {}, attacker)],
    [
      "another key's signature, with that key in the header",
      async () => signed(ROOT, { jwk: await exportJWK(attacker.publicKey) }, attacker),
    ],
    ["another key's signature, with a kid", () => signed(ROOT, { kid: 'network-root' }, attacker)],
    ['no signature', async () => ({ ...(await signed(ROOT)), signature: '' })],
    [
      'alg none',
      async () => ({ ...(await signed(ROOT)), protected: encode({ alg: 'none' }), signature: '' }),
    ],
    [
      'an HMAC under the public key',
      async () => {
        const jws = { protected: encode({ alg: 'HS256' }), payload: encode(ROOT) }
        const secret = Buffer.from(pinned.x!, 'base64url')
        const signature = createHmac('sha256', secret)
          .update(`${jws.protected}.${jws.payload}`)
          .digest('base64url')
        return { ...jws, signature }
      },
    ],
    ['another payload', async () => ({ ...(await signed(ROOT)), payload: encode({ ...ROOT, version: 8 }) })],
    ['another header', async () => ({ ...(await signed(ROOT)), protected: encode({ alg: 'EdDSA' }) })],
    [
      'an extension that is critical and unknown',
      async () => ({ ...(await signed(ROOT)), protected: encode({ alg: 'EdDSA', crit: ['exp'], exp: 1 }) }),
    ],
    ['a header that is no JSON', async () => ({ ...(await signed(ROOT)), protected: '!!!' })],
  ])('%s is not vouched for by the pinned key', async (_, make) => {
    expect(await open(await make())).toBe('trust_root_not_pinned')
  })

  test.each<[string, () => Promise<unknown> | unknown]>([
    ['nothing', () => null],
    ['text', () => 'a.b.c'],
    ['an array', () => []],
    ['the bare payload', () => ROOT],
    [
      'a general JWS',
      async () => ({ payload: (await signed(ROOT)).payload, signatures: [await signed(ROOT)] }),
    ],
    ['an unprotected header', async () => ({ ...(await signed(ROOT)), header: { alg: 'EdDSA' } })],
    [
      'only an unprotected header',
      async () => ({ ...(await signed(ROOT)), protected: undefined, header: { alg: 'EdDSA' } }),
    ],
  ])('%s is malformed', async (_, make) => {
    expect(await open(await make())).toBe('trust_root_malformed')
  })

  test.each<[string, unknown]>([
    ['no JSON', 'hello'],
    ['a repeated member', JSON.stringify(ROOT).replace('{', '{"version":1,')],
    ['no object', [ROOT]],
    ['another type', { ...ROOT, type: 'coderisk-checkpoint' }],
    ['a version that is no integer', { ...ROOT, version: 7.5 }],
    ['a version as text', { ...ROOT, version: '7' }],
    ['a version beyond counting', { ...ROOT, version: 2 ** 53 }],
    ['no expiry', { ...ROOT, expires_at: undefined }],
    ['an expiry that is no time', { ...ROOT, expires_at: 'never' }],
    ['no keys', { ...ROOT, keys: undefined }],
    ['keys by name', { ...ROOT, keys: { a: ENTRY } }],
    ['a key that is null', { ...ROOT, keys: [null] }],
    ['a key with another kid', { ...ROOT, keys: [{ ...ENTRY, kid: 'main' }] }],
    ['a key with another algorithm', { ...ROOT, keys: [{ ...ENTRY, algorithm: 'HS256' }] }],
    [
      'a key in a state that this verifier does not know',
      { ...ROOT, keys: [{ ...ENTRY, state: 'suspended' }] },
    ],
    ['a key without a beginning', { ...ROOT, keys: [{ ...ENTRY, valid_from: null }] }],
    ['a key whose end is no time', { ...ROOT, keys: [{ ...ENTRY, valid_to: 'soon' }] }],
    ['a key whose end is left out', { ...ROOT, keys: [{ ...ENTRY, valid_to: undefined }] }],
    ['a key without a modulus', { ...ROOT, keys: [{ ...ENTRY, jwk: { kty: 'RSA', e: 'AQAB' } }] }],
    ['one good key and one bad', { ...ROOT, keys: [ENTRY, { ...ENTRY, kid: '' }] }],
    ['no status lists', { ...ROOT, status_lists: undefined }],
  ])('signed, with %s, it is malformed', async (_, payload) => {
    expect(await open(await signed(payload))).toBe('trust_root_malformed')
  })

  test('anything at all is refused and never thrown at', async () => {
    const hostile = fc.oneof(
      fc.anything(),
      fc.record({ protected: fc.base64String(), payload: fc.base64String(), signature: fc.base64String() }),
    )
    await fc.assert(
      fc.asyncProperty(hostile, async (jws) => {
        expect(await open(jws)).toMatch(/^trust_root_(malformed|not_pinned)$/)
      }),
    )
  })

  test('a pinned key that is none opens nothing', async () => {
    const jws = await signed(ROOT)
    for (const broken of [{}, { kty: 'OKP', crv: 'Ed25519' }, { kty: 'oct', k: 'AAAA' }] as JWK[]) {
      expect(await openTrustRoot(jws, broken, { now: NOW })).toEqual({
        ok: false,
        reason: 'trust_root_not_pinned',
      })
    }
  })
})

test('the key set has every key but the compromised ones, and nothing of them but what is public', () => {
  const states = ['pending', 'active', 'retired', 'compromised'] as const
  const keys = states.map((state, i) => ({ ...ENTRY, state, kid: `key-20261${i}-0a1b2c3d` }))
  expect(jsonWebKeySet(makeTrustRoot(...keys))).toEqual({
    keys: keys
      .slice(0, 3)
      .map(({ kid }) => ({ kty: 'RSA', n: 'n', e: 'AQAB', kid, alg: 'RS256', use: 'sig' })),
  })
})

test.each<[unknown, boolean]>([
  ['key-202611-0a1b2c3d', true],
  ['key-202611-0A1B2C3D', false],
  ['key-202611-0a1b2c3', false],
  ['key-2026-0a1b2c3d', false],
  ['key-202611-0a1b2c3d\n', false],
  [' key-202611-0a1b2c3d', false],
  [null, false],
])('isKid(%j) is %s', (value, expected) => {
  expect(isKid(value)).toBe(expected)
})
