import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { TRUST_ROOT_HEADER } from '../../core/verify/index.ts'
import { inputFailure } from '../failure.ts'
import { checkRootKey, type RootKey } from '../trust-store.ts'

/** The network root key with its private half. It is printed nowhere. */
export interface RootKeyPair {
  readonly publicKey: RootKey
  /** A trust root as it is published: flattened JWS (RFC 7515 §7.2.2, RFC 8037). @param payload JSON text, as it is */
  sign(payload: string): SignedTrustRoot
}

export interface SignedTrustRoot {
  readonly protected: string
  readonly payload: string
  readonly signature: string
}

/** Anyone else may read a file with one of these bits. */
const READABLE_BY_OTHERS = 0o077

/** @returns the two halves as JWK files hold them */
export function generateRootKey(): { privateText: string; publicText: string; publicKey: RootKey } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = publicHalf(privateKey)
  return {
    publicKey,
    privateText: `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`,
    publicText: `${JSON.stringify(publicKey)}\n`,
  }
}

/**
 * @param warn told when others may read the file
 * @throws {CommandFailure} for anything but a private Ed25519 key in JWK form
 */
export async function readRootKeyFile(file: string, warn: (line: string) => void): Promise<RootKeyPair> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(`the key ${file} cannot be read (${error.code})`)
  })
  const privateKey = parsePrivateKey(text)
  if (privateKey === null) throw inputFailure(`${file} is not a private Ed25519 key in JWK form`)
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & READABLE_BY_OTHERS) !== 0) {
    warn(`others may read ${file}: chmod 600 it`)
  }
  return { publicKey: publicHalf(privateKey), sign: (payload) => signTrustRoot(privateKey, payload) }
}

/** The public half is worked out, and what the file says of it must be that. */
function parsePrivateKey(text: string): KeyObject | null {
  try {
    const jwk = JSON.parse(text)
    const key = createPrivateKey({ key: jwk, format: 'jwk' })
    return key.asymmetricKeyType === 'ed25519' && publicHalf(key).x === jwk.x ? key : null
  } catch {
    return null
  }
}

function publicHalf(privateKey: KeyObject): RootKey {
  return checkRootKey(createPublicKey(privateKey).export({ format: 'jwk' }))
}

function signTrustRoot(privateKey: KeyObject, text: string): SignedTrustRoot {
  const header = encode(JSON.stringify(TRUST_ROOT_HEADER))
  const payload = encode(text)
  const signature = sign(null, Buffer.from(`${header}.${payload}`), privateKey).toString('base64url')
  return { protected: header, payload, signature }
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}
