import type { JWK } from 'jose'
import { fromBase64Url } from '../verify/encoding.ts'

const PUBLIC_KEY_BYTES = 32

/**
 * The public network root key, which verifiers pin, as the core is told it: `NETWORK_ROOT_PUBLIC_KEY`.
 *
 * @param text an Ed25519 key (RFC 8037), JWK as JSON; undefined or empty where none is configured
 * @throws {TypeError} for any other key, and for a private one
 */
export function parseNetworkRootKey(text: string | undefined): JWK | undefined {
  if (!text) return undefined
  const key = parse(text)
  const isPublicEd25519 =
    key?.kty === 'OKP' &&
    key.crv === 'Ed25519' &&
    typeof key.x === 'string' &&
    fromBase64Url(key.x)?.length === PUBLIC_KEY_BYTES &&
    key.d === undefined
  if (!isPublicEd25519)
    throw new TypeError('NETWORK_ROOT_PUBLIC_KEY is not a public Ed25519 key, JWK as JSON')
  return { kty: 'OKP', crv: 'Ed25519', x: key.x! }
}

function parse(text: string): JWK | null {
  try {
    return JSON.parse(text) as JWK | null
  } catch {
    return null
  }
}
