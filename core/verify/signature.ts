import { fromBase64Url } from './encoding.ts'
import type { TrustRootKey } from './trust-root.ts'

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const MINIMUM_MODULUS_BYTES = 512
const MAX_IMPORTED_KEYS = 64

/** Imported keys by modulus. Modulus and exponent are the key's whole identity, so an entry can never be wrong. */
const imported = new Map<string, { readonly e: string; readonly key: CryptoKey }>()

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), RSA-4096 or more.
 *
 * @returns false for a wrong signature and for a key or signature that is malformed; never throws
 */
export async function verifyRs256(
  jwk: TrustRootKey['jwk'],
  signature: Uint8Array<ArrayBuffer>,
  signedBytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    return await crypto.subtle.verify(ALGORITHM, await importKey(jwk), signature, signedBytes)
  } catch {
    return false
  }
}

async function importKey(jwk: TrustRootKey['jwk']): Promise<CryptoKey> {
  const known = imported.get(jwk.n)
  if (known?.e === jwk.e) return known.key
  const modulus = fromBase64Url(jwk.n)
  // RFC 7518 §6.3.1.1: no leading zeros, which would make a short key look long.
  if (modulus === null || modulus[0] === 0 || modulus.length < MINIMUM_MODULUS_BYTES) {
    throw new TypeError('the key is too short')
  }
  const key = await crypto.subtle.importKey('jwk', { kty: 'RSA', n: jwk.n, e: jwk.e }, ALGORITHM, false, [
    'verify',
  ])
  if (imported.size >= MAX_IMPORTED_KEYS) imported.clear()
  imported.set(jwk.n, { e: jwk.e, key })
  return key
}
