import { calculateJwkThumbprint } from 'jose'
import { fromBase64Url, toHex } from '../verify/encoding.ts'
import type { PublicRsaJwk } from './vault.ts'

/** `key-YYYYMM-` and the first eight hex digits of the RFC 7638 thumbprint (SHA-256). */
export async function keyIdentifier(jwk: PublicRsaJwk, createdAt: Date): Promise<string> {
  const month = createdAt.toISOString().slice(0, 7).replace('-', '')
  return `key-${month}-${(await thumbprint(jwk)).slice(0, 8)}`
}

/** RFC 7638, hex. */
export async function thumbprint(jwk: PublicRsaJwk): Promise<string> {
  return toHex(fromBase64Url(await calculateJwkThumbprint({ ...jwk }, 'sha256'))!)
}
