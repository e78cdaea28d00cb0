import { constants, createPublicKey, verify } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import type { GeneratedKey } from '../../../../../core/keys/vault.ts'
import { toBase64, utf8 } from '../../../../../core/verify/encoding.ts'
import { verifyRs256 } from '../../../../../core/verify/signature.ts'
import { openTrustRoot } from '../../../../../core/verify/trust-root.ts'
import { createSealedVault } from '../../../../../workers/core/adapters/sealed-vault.ts'

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const SECRET = toBase64(random(32))
const KID = 'key-202611-0a1b2c3d'
const MESSAGE = utf8('what is signed')

const makeVault = (secret = SECRET, networkRootKey?: string) =>
  createSealedVault({ secret, networkRootKey, random })

let key: GeneratedKey
let sealed: Uint8Array<ArrayBuffer>

beforeAll(async () => {
  key = await makeVault().generate()
  sealed = await key.seal(KID)
}, 120_000)

describe('a sealed key', () => {
  test('signs, in another vault with the same secret, what its public half verifies', async () => {
    const signer = await makeVault().signer(KID, sealed)
    const signature = await signer.sign(MESSAGE)
    expect(signer.kid).toBe(KID)
    expect(signature).toHaveLength(512)
    expect(await verifyRs256(key.publicJwk, signature, MESSAGE)).toBe(true)
    const opensslKey = {
      key: createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' }),
      padding: constants.RSA_PKCS1_PADDING,
    }
    expect(verify('sha256', MESSAGE, opensslKey, signature)).toBe(true)
  })

  test('signs the same each time: PKCS #1 v1.5 leaves nothing to chance', async () => {
    const signer = await makeVault().signer(KID, sealed)
    expect(await signer.sign(MESSAGE)).toEqual(await signer.sign(MESSAGE))
  })

  test('is RSA-4096 with the usual exponent, and only public members are shown', () => {
    expect(Object.keys(key.publicJwk).sort()).toEqual(['e', 'kty', 'n'])
    expect(key.publicJwk.e).toBe('AQAB')
    expect(Buffer.from(key.publicJwk.n, 'base64url')).toHaveLength(512)
  })

  test('is sealed anew each time, under another nonce', async () => {
    const again = await key.seal(KID)
    expect(again).not.toEqual(sealed)
    expect(again.slice(0, 12)).not.toEqual(sealed.slice(0, 12))
  })

  test('shows none of its private half', () => {
    expect(Buffer.from(sealed).includes(Buffer.from(key.publicJwk.n, 'base64url'))).toBe(false)
    expect(Buffer.from(sealed).includes(Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]))).toBe(false)
  })

  test.each<[string, () => Promise<unknown>]>([
    ["under another key's kid", () => makeVault().signer('key-202611-ffffffff', sealed)],
    ['under an empty kid', () => makeVault().signer('', sealed)],
    ['with another secret', () => makeVault(toBase64(random(32))).signer(KID, sealed)],
    ['with its nonce changed', () => makeVault().signer(KID, changed(0))],
    ['with its text changed', () => makeVault().signer(KID, changed(100))],
    ['with its tag changed', () => makeVault().signer(KID, changed(sealed.length - 1))],
    ['cut short', () => makeVault().signer(KID, sealed.slice(0, -1))],
    ['that is nothing', () => makeVault().signer(KID, new Uint8Array(0))],
  ])('does not open %s', async (_, attempt) => {
    await expect(attempt()).rejects.toThrow()
  })

  test('that did not open opens the next time, if it is right', async () => {
    const vault = makeVault()
    await expect(vault.signer(KID, changed(50))).rejects.toThrow()
    expect((await vault.signer(KID, sealed)).kid).toBe(KID)
  })
})

test.each(['', 'short', toBase64(random(31)), toBase64(random(33)), `${SECRET}\n`, SECRET.replace('=', '')])(
  'a secret that is not 32 bytes in base64 seals and opens nothing: %#',
  async (secret) => {
    await expect(makeVault(secret).signer(KID, sealed)).rejects.toThrow(TypeError)
  },
)

describe('the trust root', () => {
  test('is signed by the network root key', async () => {
    const pair = await generateKeyPair('Ed25519', { extractable: true })
    const vault = makeVault(SECRET, JSON.stringify(await exportJWK(pair.privateKey)))
    const root = {
      type: 'coderisk-trust-root',
      version: 1,
      issued_at: '2026-11-21T00:00:00.000Z',
      expires_at: '2026-12-21T00:00:00.000Z',
      keys: [],
      status_lists: [],
    }
    const jws = await vault.signTrustRoot(utf8(JSON.stringify(root)))
    expect(Object.keys(jws!).sort()).toEqual(['payload', 'protected', 'signature'])
    expect(JSON.parse(Buffer.from(jws!.protected, 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      typ: 'coderisk-trust-root+json',
    })
    const pinned = await exportJWK(pair.publicKey)
    const now = new Date('2026-11-22T00:00:00.000Z')
    expect(await openTrustRoot(jws, pinned, { now })).toEqual({ ok: true, trustRoot: root })
  })

  test.each([undefined, ''])(
    'is not signed here when the root key (%j) is kept offline',
    async (networkRootKey) => {
      expect(await makeVault(SECRET, networkRootKey).signTrustRoot(utf8('{}'))).toBeNull()
    },
  )
})

function changed(at: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sealed)
  bytes[at]! ^= 1
  return bytes
}
