import type { JWK } from 'jose'
import { sha256, toBase64Url, utf8 } from '../../../../core/verify/encoding.ts'
import { isRecord } from '../../../../core/verify/reading.ts'

/** The network root key, as a page has it. */
export interface RootKey {
  readonly jwk: JWK
  /** SHA-256 (RFC 7638), base64url: what `coderisk trust fetch --pin` takes, and what people compare. */
  readonly thumbprint: string
}

/** @param key parsed JSON. @returns null when it is no public Ed25519 key */
export async function readRootKey(key: unknown): Promise<RootKey | null> {
  if (!isRecord(key) || key.kty !== 'OKP' || key.crv !== 'Ed25519' || typeof key.x !== 'string') return null
  const { crv, kty, x } = key
  const members = utf8(JSON.stringify({ crv, kty, x }))
  return { jwk: { crv, kty, x }, thumbprint: toBase64Url(await sha256(members)) }
}

/** Not every browser knows Ed25519 in WebCrypto, and none offers it to pages without HTTPS. */
export async function canCheckEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32).fill(1), 'Ed25519', false, ['verify'])
    return true
  } catch (error) {
    return error instanceof DOMException && error.name === 'DataError'
  }
}
