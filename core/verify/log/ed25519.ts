import { toHex } from '../encoding.ts'

const ALGORITHM = 'Ed25519'
const MAX_IMPORTED_KEYS = 64

/** Imported keys by their 32 bytes, in hex. */
const imported = new Map<string, CryptoKey>()

/**
 * RFC 8032.
 *
 * @returns false for a wrong signature and for a key or signature that is malformed; never throws
 */
export async function verifyEd25519(
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    return await crypto.subtle.verify(ALGORITHM, await importKey(publicKey), signature, message)
  } catch {
    return false
  }
}

async function importKey(publicKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const name = toHex(publicKey)
  const known = imported.get(name)
  if (known !== undefined) return known
  const key = await crypto.subtle.importKey('raw', publicKey, ALGORITHM, false, ['verify'])
  if (imported.size >= MAX_IMPORTED_KEYS) imported.clear()
  imported.set(name, key)
  return key
}
