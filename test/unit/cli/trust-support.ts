import { createHash } from 'node:crypto'
import { CompactSign, FlattenedSign, type JWK } from 'jose'
import {
  canonicalBytes,
  signedMembers,
  TRUST_ROOT_HEADER,
  type TrustRoot,
  toBase64,
} from '../../../core/verify/index.ts'
import type { Certificate } from '../../../schema/wire/certificate.ts'
import { sampleCertificate } from './support.ts'

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
export const KID = 'key-202611-1a2b3c4d'

/** A network's keys: one RSA-4096 signing key and one Ed25519 root key, with another root key beside it. */
export interface NetworkKeys {
  readonly signing: CryptoKeyPair
  readonly signingJwk: JWK
  readonly root: CryptoKeyPair
  readonly rootJwk: JWK
  readonly otherRoot: CryptoKeyPair
  readonly otherRootJwk: JWK
}

export async function generateNetworkKeys(): Promise<NetworkKeys> {
  const signing = (await crypto.subtle.generateKey(
    { ...RS256, modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  )) as CryptoKeyPair
  const root = await generateRootKey()
  const otherRoot = await generateRootKey()
  return {
    signing,
    signingJwk: await exportJwk(signing),
    root,
    rootJwk: await exportJwk(root),
    otherRoot,
    otherRootJwk: await exportJwk(otherRoot),
  }
}

async function generateRootKey(): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])) as CryptoKeyPair
}

async function exportJwk(pair: CryptoKeyPair): Promise<JWK> {
  return (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JWK
}

/** A trust root as the network serves it: flattened JWS by the root key. */
export async function signTrustRoot(
  keys: NetworkKeys,
  changes: Partial<TrustRoot> = {},
  signer: CryptoKeyPair = keys.root,
): Promise<string> {
  const trustRoot: TrustRoot = {
    type: 'coderisk-trust-root',
    version: 5,
    issued_at: '2025-01-01T00:00:00.000Z',
    expires_at: '2099-01-01T00:00:00.000Z',
    keys: [
      {
        kid: KID,
        algorithm: 'RS256',
        state: 'active',
        valid_from: '2025-01-01T00:00:00.000Z',
        valid_to: null,
        jwk: { kty: 'RSA', n: keys.signingJwk.n!, e: keys.signingJwk.e! },
        pem: '',
      },
    ],
    status_lists: [],
    ...changes,
  }
  const payload = new TextEncoder().encode(JSON.stringify(trustRoot))
  const jws = await new FlattenedSign(payload).setProtectedHeader(TRUST_ROOT_HEADER).sign(signer.privateKey)
  return JSON.stringify(jws)
}

export async function signCertificate(
  keys: NetworkKeys,
  changes: Partial<Certificate> = {},
): Promise<Certificate> {
  const certificate = sampleCertificate(changes)
  const signed = canonicalBytes(signedMembers({ ...certificate }))
  const value = new Uint8Array(await crypto.subtle.sign(RS256, keys.signing.privateKey, signed))
  return { ...certificate, signature: { algorithm: 'RS256', public_key_id: KID, value: toBase64(value) } }
}

/** The certificate's JWS form: flattened, RS256 over its signed bytes. */
export async function signJws(keys: NetworkKeys, certificate: Certificate): Promise<string> {
  const signed = canonicalBytes(signedMembers({ ...certificate }))
  const compact = await new CompactSign(signed)
    .setProtectedHeader({ alg: 'RS256', kid: KID })
    .sign(keys.signing.privateKey)
  const [header, payload, signature] = compact.split('.')
  return JSON.stringify({ protected: header, payload, signature })
}

/** RFC 7638, worked out here once more. */
export function thumbprint(jwk: JWK): string {
  return createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`).digest('base64url')
}
