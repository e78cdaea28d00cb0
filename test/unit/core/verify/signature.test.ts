import { constants, sign } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromBase64Url, toBase64Url, utf8 } from '../../../../core/verify/encoding.ts'
import { verifyRs256 } from '../../../../core/verify/signature.ts'
import { makeKey, type TestKey } from './fixtures.ts'

const MESSAGE = utf8('what was signed')
let key: TestKey
let other: TestKey
let short: TestKey

beforeAll(() => {
  key = makeKey()
  other = makeKey()
  short = makeKey({}, 2048)
}, 120_000)

const signature = (from: TestKey, message: Uint8Array = MESSAGE, digest = 'sha256') =>
  new Uint8Array(sign(digest, message, from.privateKey))

describe('verifyRs256', () => {
  test('a signature by the key holds', async () => {
    expect(await verifyRs256(key.entry.jwk, signature(key), MESSAGE)).toBe(true)
  })

  test('it holds again, from the cache of imported keys', async () => {
    expect(await verifyRs256(key.entry.jwk, signature(key), MESSAGE)).toBe(true)
    expect(await verifyRs256(other.entry.jwk, signature(key), MESSAGE)).toBe(false)
  })

  test.each<[string, () => Uint8Array<ArrayBuffer>]>([
    ['by another key', () => signature(other)],
    ['over another message', () => signature(key, utf8('what was not signed'))],
    ['with another digest', () => signature(key, MESSAGE, 'sha512')],
    [
      'with PSS padding',
      () =>
        new Uint8Array(
          sign('sha256', MESSAGE, { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }),
        ),
    ],
    ['that is empty', () => new Uint8Array(0)],
    ['that is cut short', () => signature(key).slice(0, 511)],
    ['with a byte too many', () => new Uint8Array([...signature(key), 0])],
    ['of zeros', () => new Uint8Array(512)],
  ])('a signature %s does not', async (_, make) => {
    expect(await verifyRs256(key.entry.jwk, make(), MESSAGE)).toBe(false)
  })

  test('no single changed byte of it goes unnoticed', async () => {
    const good = signature(key)
    await fc.assert(
      fc.asyncProperty(fc.nat(511), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bad = new Uint8Array(good)
        bad[at]! ^= flip
        expect(await verifyRs256(key.entry.jwk, bad, MESSAGE)).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  test('a key of 2,048 bits is refused, though its signature is right', async () => {
    expect(await verifyRs256(short.entry.jwk, signature(short), MESSAGE)).toBe(false)
  })

  test('a short key is not made longer by leading zeros', async () => {
    const modulus = new Uint8Array(512)
    modulus.set(fromBase64Url(short.entry.jwk.n)!, 256)
    const padded = { ...short.entry.jwk, n: toBase64Url(modulus) }
    expect(await verifyRs256(padded, signature(short), MESSAGE)).toBe(false)
  })

  test('garbage is a signature that does not hold, never an error', async () => {
    const jwk = fc.record({
      kty: fc.constant('RSA' as const),
      n: fc.oneof(
        fc.string(),
        fc.uint8Array({ minLength: 510, maxLength: 514 }).map((bytes) => toBase64Url(bytes)),
      ),
      e: fc.oneof(fc.constant('AQAB'), fc.string()),
    })
    await fc.assert(
      fc.asyncProperty(jwk, fc.uint8Array({ maxLength: 600 }), async (garbage, bytes) => {
        expect(await verifyRs256(garbage, new Uint8Array(bytes), MESSAGE)).toBe(false)
      }),
    )
  })

  test('more keys than are kept do not confuse them', async () => {
    for (let i = 0; i < 70; i++) {
      const modulus = crypto.getRandomValues(new Uint8Array(512))
      modulus[0]! |= 0x80
      modulus[511]! |= 1
      expect(await verifyRs256({ ...key.entry.jwk, n: toBase64Url(modulus) }, signature(key), MESSAGE)).toBe(
        false,
      )
    }
    expect(await verifyRs256(key.entry.jwk, signature(key), MESSAGE)).toBe(true)
  })
})
