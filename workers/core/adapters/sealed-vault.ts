import { FlattenedSign, importJWK, type JWK } from 'jose'
import type {
  FlattenedJws,
  GeneratedKey,
  GeneratedLogKey,
  KeyVault,
  LogSigner,
  PublicRsaJwk,
  Signer,
} from '../../../core/keys/vault.ts'
import { fromBase64, utf8 } from '../../../core/verify/encoding.ts'
import { formatVerifierKey } from '../../../core/verify/log/note.ts'
import { TRUST_ROOT_HEADER } from '../../../core/verify/trust-root.ts'

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 4096,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const
const ED25519 = { name: 'Ed25519' } as const
const SECRET_BYTES = 32
const NONCE_BYTES = 12
const MAX_OPENED_KEYS = 8

export interface SealedVaultOptions {
  /** `KEY_ENCRYPTION_SECRET`: 32 random bytes, base64. */
  readonly secret: string
  /** `NETWORK_ROOT_PRIVATE_KEY`: the network root key, JWK as JSON text; absent where that key is kept offline. */
  readonly networkRootKey?: string | undefined
  random(count: number): Uint8Array<ArrayBuffer>
}

/**
 * Keys sealed in PostgreSQL: PKCS #8 under AES-256-GCM, nonce ‖ ciphertext, with the kid as additional data so
 * that one key's row cannot stand in for another's. (NIST SP 800-38D.)
 */
export function createSealedVault(options: SealedVaultOptions): KeyVault {
  const opened = new Map<string, Signer>()
  return {
    generate: () => generate(options),
    async signer(kid, sealed) {
      const known = opened.get(kid)
      if (known !== undefined) return known
      const signer = await open(options, kid, sealed)
      if (opened.size >= MAX_OPENED_KEYS) opened.clear()
      opened.set(kid, signer)
      return signer
    },
    generateLogKey: (name) => generateLogKey(options, name),
    logSigner: (verifierKey, sealed) => openLogKey(options, verifierKey, sealed),
    sealSecret: (name, secret) => sealBytes(options, name, utf8(secret)),
    openSecret: async (name, sealed) => new TextDecoder().decode(await unseal(options, name, sealed)),
    signsTrustRoot: Boolean(options.networkRootKey),
    signTrustRoot: (payload) => signTrustRoot(options.networkRootKey, payload),
  }
}

async function generate(options: SealedVaultOptions): Promise<GeneratedKey> {
  const pair = (await crypto.subtle.generateKey(RSA, true, ['sign', 'verify'])) as CryptoKeyPair
  const jwk = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
  const publicJwk: PublicRsaJwk = { kty: 'RSA', n: jwk.n!, e: jwk.e! }
  return { publicJwk, seal: (kid) => seal(options, kid, pair.privateKey) }
}

async function open(options: SealedVaultOptions, kid: string, sealed: Uint8Array): Promise<Signer> {
  const pkcs8 = await unseal(options, kid, sealed)
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, RSA, false, ['sign'])
  return {
    kid,
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(RSA.name, privateKey, message)),
  }
}

async function generateLogKey(options: SealedVaultOptions, name: string): Promise<GeneratedLogKey> {
  const pair = (await crypto.subtle.generateKey(ED25519, true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  const verifierKey = formatVerifierKey(name, publicKey)
  return { verifierKey, sealedPrivateKey: await seal(options, verifierKey, pair.privateKey) }
}

async function openLogKey(
  options: SealedVaultOptions,
  verifierKey: string,
  sealed: Uint8Array,
): Promise<LogSigner> {
  const pkcs8 = await unseal(options, verifierKey, sealed)
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, ED25519, false, ['sign'])
  return {
    sign: async (text) => new Uint8Array(await crypto.subtle.sign(ED25519, privateKey, utf8(text))),
  }
}

/** @param name what the key is called: additional data */
async function seal(options: SealedVaultOptions, name: string, privateKey: CryptoKey) {
  const pkcs8 = (await crypto.subtle.exportKey('pkcs8', privateKey)) as ArrayBuffer
  return sealBytes(options, name, new Uint8Array(pkcs8))
}

async function sealBytes(options: SealedVaultOptions, name: string, bytes: Uint8Array<ArrayBuffer>) {
  const nonce = options.random(NONCE_BYTES)
  const key = await sealingKey(options.secret, 'encrypt')
  return concatenate(nonce, new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, name), key, bytes)))
}

async function unseal(options: SealedVaultOptions, name: string, sealed: Uint8Array): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(sealed)
  const key = await sealingKey(options.secret, 'decrypt')
  const parameters = gcm(bytes.slice(0, NONCE_BYTES), name)
  return crypto.subtle.decrypt(parameters, key, bytes.slice(NONCE_BYTES))
}

async function signTrustRoot(
  networkRootKey: string | undefined,
  payload: Uint8Array<ArrayBuffer>,
): Promise<FlattenedJws | null> {
  if (!networkRootKey) return null
  const key = await importJWK(JSON.parse(networkRootKey) as JWK, 'EdDSA')
  const jws = await new FlattenedSign(payload).setProtectedHeader(TRUST_ROOT_HEADER).sign(key)
  return { protected: jws.protected!, payload: jws.payload, signature: jws.signature }
}

function sealingKey(secret: string, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const raw = fromBase64(secret)
  if (raw?.length !== SECRET_BYTES) throw new TypeError('KEY_ENCRYPTION_SECRET must be 32 bytes in base64')
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [usage])
}

function gcm(nonce: Uint8Array<ArrayBuffer>, name: string) {
  return { name: 'AES-GCM', iv: nonce, additionalData: utf8(name) } as const
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}
