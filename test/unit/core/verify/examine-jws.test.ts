import { sign } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import { type Examined, examineJson, examineJws, examineText } from '../../../../core/verify/examine.ts'
import type { TrustRoot, TrustRootKey } from '../../../../core/verify/trust-root.ts'
import { makeCertificate, makeKey, makeTrustRoot, signedJson, signedJws, type TestKey } from './fixtures.ts'

let key: TestKey
let stranger: TestKey
let root: TrustRoot

beforeAll(() => {
  key = makeKey()
  stranger = makeKey()
  root = makeTrustRoot(key.entry)
}, 120_000)

const rootWith = (more: Partial<TrustRootKey>) => makeTrustRoot({ ...key.entry, ...more })

function summary({ signature, keyValidity }: Examined) {
  return [signature.reason ?? signature.result, keyValidity.reason ?? keyValidity.result]
}

const HOLDS = ['passed', 'passed']
const MALFORMED = ['malformed', 'malformed']
const FORGED = ['signature_invalid', 'passed']

describe('a certificate as JWS', () => {
  const at = (time: string) => Date.parse(time) / 1000
  const LATE = ['passed', 'key_not_valid_at_issue']

  test.each<[string, Record<string, unknown>, Partial<TrustRootKey>, string[]]>([
    ['by the key of that time', { iat: at('2026-11-23T00:00:00Z') }, {}, HOLDS],
    [
      'by a key that came later',
      { iat: at('2026-11-23T00:00:00Z') },
      { valid_from: '2026-11-22T00:00:00.000Z' },
      HOLDS,
    ],
    [
      'by a key that came later still',
      { iat: at('2026-11-23T00:00:00Z') },
      { valid_from: '2026-11-24T00:00:00.000Z' },
      LATE,
    ],
    [
      'by a key that had retired by then',
      { iat: at('2026-11-23T00:00:00Z') },
      { valid_to: '2026-11-22T00:00:00.000Z' },
      LATE,
    ],
    [
      'before the certificate, it says, by a key that had retired',
      { iat: at('2026-11-10T00:00:00Z') },
      { valid_to: '2026-11-20T00:00:00.000Z' },
      LATE,
    ],
    [
      'before the certificate, it says, by a key that came later',
      { iat: at('2026-11-10T00:00:00Z') },
      { valid_from: '2026-11-22T00:00:00.000Z' },
      LATE,
    ],
    [
      'at no time that it says, by a key that came later',
      {},
      { valid_from: '2026-11-22T00:00:00.000Z' },
      LATE,
    ],
    [
      'by a key that was compromised since',
      { iat: at('2026-11-23T00:00:00Z') },
      { state: 'compromised' },
      ['passed', 'key_compromised'],
    ],
    ['at a time that is text', { iat: '2026-11-23T00:00:00Z' }, {}, MALFORMED],
    ['at a time with a fraction', { iat: 1.5 }, {}, MALFORMED],
    ['at a time that is none', { iat: null }, {}, MALFORMED],
  ])('made %s', async (_, header, more, expected) => {
    const text = JSON.stringify(await signedJws(key, undefined, header))
    expect(summary(await examineText(text, rootWith(more)))).toEqual(expected)
  })

  test('holds', async () => {
    const examined = await examineText(JSON.stringify(await signedJws(key)), root)
    expect(summary(examined)).toEqual(HOLDS)
    expect(examined.certificate).toEqual(makeCertificate())
  })

  test('holds with a type in its header', async () => {
    expect(
      summary(await examineText(JSON.stringify(await signedJws(key, undefined, { typ: 'JWS' })), root)),
    ).toEqual(HOLDS)
  })

  const rewrite = (header: object) => async () => ({
    ...(await signedJws(key)),
    protected: Buffer.from(JSON.stringify(header)).toString('base64url'),
  })
  const kid = 'key-202611-0a1b2c3d'

  test.each<[string, () => Promise<unknown> | unknown, string[]]>([
    ['alg none', rewrite({ alg: 'none', kid }), MALFORMED],
    [
      'alg none and no signature',
      async () => ({ ...((await rewrite({ alg: 'none', kid })()) as object), signature: '' }),
      MALFORMED,
    ],
    ['alg HS256', rewrite({ alg: 'HS256', kid }), MALFORMED],
    ['alg in lower case', rewrite({ alg: 'rs256', kid }), MALFORMED],
    ['alg PS256', rewrite({ alg: 'PS256', kid }), MALFORMED],
    ['no alg', rewrite({ kid }), MALFORMED],
    ['no kid', rewrite({ alg: 'RS256' }), MALFORMED],
    ['a kid that is no text', rewrite({ alg: 'RS256', kid: [kid] }), MALFORMED],
    [
      'a kid of a stranger',
      rewrite({ alg: 'RS256', kid: 'key-202611-ffffffff' }),
      ['key_unknown', 'key_unknown'],
    ],
    ['crit', () => rewrite({ alg: 'RS256', kid, crit: ['exp'], exp: 1 })(), MALFORMED],
    ['b64', rewrite({ alg: 'RS256', kid, b64: false }), MALFORMED],
    ['b64 true', rewrite({ alg: 'RS256', kid, b64: true }), MALFORMED],
    [
      'a header that repeats a member',
      async () => ({
        ...(await signedJws(key)),
        protected: Buffer.from(`{"alg":"RS256","kid":"x","kid":"${kid}"}`).toString('base64url'),
      }),
      MALFORMED,
    ],
    ['a header changed after signing', rewrite({ alg: 'RS256', kid, typ: 'x' }), FORGED],
    ['its own key in the header', rewrite({ alg: 'RS256', kid, jwk: { kty: 'RSA' } }), FORGED],
    [
      'an unprotected header',
      async () => ({ ...(await signedJws(key)), header: { alg: 'RS256' } }),
      MALFORMED,
    ],
    [
      'another payload',
      async () => ({
        ...(await signedJws(key)),
        payload: Buffer.from(canonicalText(makeCertificate({ risk_score: 0 }))).toString('base64url'),
      }),
      FORGED,
    ],
    ['a payload that is no certificate', () => signedJws(key, '{"hello":"world"}'), MALFORMED],
    ['a payload that is no JSON', () => signedJws(key, 'hello'), MALFORMED],
    ['a byte order mark', () => signedJws(key, `\ufeff${canonicalText(makeCertificate())}`), MALFORMED],
    [
      'a payload that is no UTF-8',
      async () => ({
        ...(await signedJws(key)),
        payload: Buffer.from([0x22, 0xff, 0x22]).toString('base64url'),
      }),
      MALFORMED,
    ],
    [
      'a payload that repeats a member',
      () => signedJws(key, canonicalText(makeCertificate()).replace('{', '{"ai_tool":"x-v1",')),
      MALFORMED,
    ],
    [
      'padding',
      async () => ({ ...(await signedJws(key)), signature: `${(await signedJws(key)).signature}==` }),
      MALFORMED,
    ],
    [
      'a payload in test mode',
      () => signedJws(key, canonicalText(makeCertificate({ livemode: false }))),
      ['test_mode', 'test_mode'],
    ],
    ['a signature by a stranger', () => signedJws({ ...stranger, entry: key.entry }), FORGED],
  ])('with %s it does not', async (_, make, expected) => {
    expect(summary(await examineText(JSON.stringify(await make()), root))).toEqual(expected)
  })

  test('a signature over the bare payload is not one over the JWS', async () => {
    const jws = await signedJws(key)
    const bare = sign('sha256', Buffer.from(jws.payload, 'base64url'), key.privateKey).toString('base64url')
    expect(summary(await examineText(JSON.stringify({ ...jws, signature: bare }), root))).toEqual(FORGED)
  })
})

test('a JWS of a certificate that was read before is not read again', async () => {
  const own = await examineJson(signedJson(key), root)
  const jws = await examineJws(await signedJws(key), root, own)
  expect(jws.certificate).toBe(own.certificate)
  expect(summary(jws)).toEqual(HOLDS)
})

test.each<[string, string, string[]]>([
  ['of another certificate', canonicalText(makeCertificate({ risk_score: 2 })), HOLDS],
  ['of no certificate', '{}', MALFORMED],
])('a JWS %s is read for itself', async (_, payload, expected) => {
  const own = await examineJson(signedJson(key), root)
  const jws = await examineJws(await signedJws(key, payload), root, own)
  expect(jws.certificate).not.toBe(own.certificate)
  expect(jws.signed).not.toBe(own.signed)
  expect(summary(jws)).toEqual(expected)
})
