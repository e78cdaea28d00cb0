import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  generatePrime,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import type { JWK } from 'jose'
import { certificateJws } from '../../core/certificates/forms/jws.ts'
import { describeSignature } from '../../core/certificates/issue.ts'
import { signJws } from '../../core/keys/sign-jws.ts'
import type { Signer } from '../../core/keys/vault.ts'
import { type OfflineBundle, parseBundle } from '../../core/verify/bundle.ts'
import { canonicalBytes, signedMembers } from '../../core/verify/canonical.ts'
import { fromBase64Url, toBase64Url, utf8 } from '../../core/verify/encoding.ts'
import {
  formatCheckpoint,
  formatNote,
  formatProof,
  formatVerifierKey,
  hashNode,
  parseVerifierKey,
  signatureLine,
  type VerifierKey,
} from '../../core/verify/log/index.ts'
import { issuedLogEntry } from '../../core/verify/log-entry.ts'
import { STATUS_LIST_SIZE } from '../../core/verify/status-list.ts'
import { encodeStatusList, STATUS_TOKEN_TYPE } from '../../core/verify/status-token.ts'
import { TRUST_ROOT_HEADER, type TrustRoot, type TrustRootKey } from '../../core/verify/trust-root.ts'
import type { SignedCertificate } from '../../schema/wire/certificate.ts'
import { BUNDLE_MEDIA_TYPE } from '../../schema/wire/vocabulary.ts'

/** What a trust root lists after two years: a key a quarter. */
const KEYS_IN_TRUST_ROOT = 8
/** One certificate in a hundred is revoked. */
const REVOKED_SHARE = 0.01
/** A tree of a million leaves. */
const TREE_LEVELS = 20
const PRIME_BITS = 2_048
const EXPONENT = 65_537n
const HOUR_MS = 3_600_000

/** What a bundle's parts are signed with, and those of them that many bundles share. */
interface Issuer {
  readonly signer: Signer
  readonly logKey: VerifierKey
  readonly logPrivateKey: KeyObject
  readonly trustRoot: object
  readonly statusList: string
  readonly isRevoked: (index: number) => boolean
}

export interface BundlePool {
  /** The network root key that the verifier pins. */
  readonly rootKey: JWK
  /** JSON texts, to be verified round and round. */
  readonly bundles: readonly string[]
}

/**
 * Offline bundles made after a real one: of certificates of their own, signed anew, each with a checkpoint of its own.
 *
 * @param template a bundle as the edge serves it
 * @param count so many
 * @param issuers how many signing keys, trust roots and status list tokens they come from, in turn
 */
export async function makeBundles(template: string, count: number, issuers: number): Promise<BundlePool> {
  const like = parseBundle(template)!
  const root = generateKeyPairSync('ed25519')
  const keys = await rsaKeys(Math.max(issuers, KEYS_IN_TRUST_ROOT))
  const made: Issuer[] = []
  for (let i = 0; i < issuers; i++) made.push(await makeIssuer(like, keys, i, root.privateKey))
  const bundles: string[] = []
  for (let i = 0; i < count; i++) bundles.push(await makeBundle(like, made[i % issuers]!))
  return { rootKey: root.publicKey.export({ format: 'jwk' }) as JWK, bundles }
}

async function makeIssuer(
  like: OfflineBundle,
  keys: readonly KeyObject[],
  position: number,
  rootKey: KeyObject,
): Promise<Issuer> {
  const listed = Array.from({ length: KEYS_IN_TRUST_ROOT }, (_, i) => keys[(position + i) % keys.length]!)
  const privateKey = listed[0]!
  const signer: Signer = {
    kid: kidOf(0),
    sign: async (bytes) => new Uint8Array(sign('sha256', bytes, privateKey)),
  }
  const log = generateKeyPairSync('ed25519')
  const root = payloadOf<TrustRoot>((like.trust_root as { payload: string }).payload)
  const publicKey = fromBase64Url(log.publicKey.export({ format: 'jwk' }).x!)!
  const logKey = parseVerifierKey(formatVerifierKey(root.log!.origin, publicKey))!
  const trustRoot = signTrustRoot(rootKey, {
    ...root,
    version: position + 1,
    keys: listed.map((key, i) => describeKey(key, kidOf(i), root.keys[0]!)),
    log: { ...root.log!, verifier_key: logKey.text },
  })
  const { bits, isRevoked } = revocations()
  const claims = payloadOf<{ status_list: object }>(like.status_list!.split('.')[1]!)
  const status_list = { ...claims.status_list, lst: await encodeStatusList(bits) }
  const token = await signJws(
    signer,
    { typ: STATUS_TOKEN_TYPE },
    utf8(JSON.stringify({ ...claims, status_list })),
  )
  const statusList = `${token.protected}.${token.payload}.${token.signature}`
  return { signer, logKey, logPrivateKey: log.privateKey, trustRoot, statusList, isRevoked }
}

const kidOf = (place: number) => `key-202611-${String(place).padStart(8, '0')}`

function payloadOf<Payload>(base64Url: string): Payload {
  return JSON.parse(new TextDecoder().decode(fromBase64Url(base64Url)!)) as Payload
}

function describeKey(key: KeyObject, kid: string, like: TrustRootKey): TrustRootKey {
  const publicKey = createPublicKey(key)
  const { n, e } = publicKey.export({ format: 'jwk' }) as { n: string; e: string }
  const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string
  // The template was issued just after its key was made.
  const valid_from = new Date(Date.parse(like.valid_from) - HOUR_MS).toISOString()
  return { ...like, kid, valid_from, valid_to: null, jwk: { kty: 'RSA', n, e }, pem }
}

function signTrustRoot(key: KeyObject, document: TrustRoot): object {
  const head = toBase64Url(utf8(JSON.stringify(TRUST_ROOT_HEADER)))
  const payload = toBase64Url(utf8(JSON.stringify(document)))
  const signature = toBase64Url(new Uint8Array(sign(null, utf8(`${head}.${payload}`), key)))
  return { protected: head, payload, signature }
}

function revocations() {
  const bits = new Uint8Array(STATUS_LIST_SIZE / 8)
  for (let i = 0; i < STATUS_LIST_SIZE * REVOKED_SHARE; i++) {
    const index = Math.floor(Math.random() * STATUS_LIST_SIZE)
    bits[index >>> 3]! |= 1 << (index & 7)
  }
  return { bits, isRevoked: (index: number) => ((bits[index >>> 3]! >>> (index & 7)) & 1) === 1 }
}

async function makeBundle(like: OfflineBundle, issuer: Issuer): Promise<string> {
  const { signer, trustRoot, statusList } = issuer
  const members = signedMembers(like.certificate) as unknown as SignedCertificate
  const idx = validPlace(issuer)
  const certificate = {
    ...members,
    certificate_id: `CERT-2026-${randomBytes(8).toString('hex')}`,
    status_list: { ...members.status_list, idx },
  }
  const signed = canonicalBytes(certificate)
  const signature = describeSignature(signer.kid, await signer.sign(signed))
  return JSON.stringify({
    media_type: BUNDLE_MEDIA_TYPE,
    schema_version: '1.0',
    certificate: { ...certificate, signature, status: 'valid' },
    trust_root: trustRoot,
    status_list: statusList,
    log_proof: await proveAnywhere(certificate, signed, issuer),
    jws: await certificateJws(signer, signed, new Date()),
  })
}

function validPlace({ isRevoked }: Issuer): number {
  for (;;) {
    const index = Math.floor(Math.random() * STATUS_LIST_SIZE)
    if (!isRevoked(index)) return index
  }
}

/** At any index of a full tree, of which nothing is known but what the proof needs. */
async function proveAnywhere(
  certificate: SignedCertificate,
  signed: Uint8Array<ArrayBuffer>,
  { logKey, logPrivateKey }: Issuer,
): Promise<string> {
  const index = Math.floor(Math.random() * 2 ** TREE_LEVELS)
  const hashes = Array.from({ length: TREE_LEVELS }, () => new Uint8Array(randomBytes(32)))
  let root: Uint8Array = (await issuedLogEntry(certificate, signed)).leafHash
  for (const [level, sibling] of hashes.entries()) {
    root = (index >>> level) & 1 ? hashNode(sibling, root) : hashNode(root, sibling)
  }
  const text = formatCheckpoint({ origin: logKey.name, size: 2 ** TREE_LEVELS, root })
  const checkpoint = formatNote(text, [
    signatureLine(logKey, new Uint8Array(sign(null, utf8(text), logPrivateKey))),
  ])
  return formatProof({ index, hashes, checkpoint })
}

/**
 * RSA-4096 keys of any two of a few primes: making a key of its own for each takes a second apiece. What they sign is
 * verified like anything else; they would keep no secret.
 */
async function rsaKeys(count: number): Promise<KeyObject[]> {
  const primeCount = Math.ceil((1 + Math.sqrt(1 + 8 * count)) / 2)
  const primes = await Promise.all(Array.from({ length: primeCount }, makePrime))
  const keys: KeyObject[] = []
  for (const [i, p] of primes.entries()) {
    for (const q of primes.slice(i + 1)) keys.push(p > q ? rsaKey(p, q) : rsaKey(q, p))
  }
  return keys.slice(0, count)
}

function makePrime(): Promise<bigint> {
  return new Promise((resolve, reject) => {
    generatePrime(PRIME_BITS, { bigint: true }, (error, prime) => {
      // Node says undefined, and its types say null.
      if (error) reject(error)
      else resolve(prime)
    })
  })
}

function rsaKey(p: bigint, q: bigint): KeyObject {
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n))
  const numbers = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const parts = Object.entries(numbers).map(([name, number]) => [name, toBase64Url(bytesOf(number))])
  return createPrivateKey({ key: { kty: 'RSA', ...Object.fromEntries(parts) }, format: 'jwk' })
}

/** The extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n]
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % modulus) + modulus) % modulus
}

function bytesOf(number: bigint): Uint8Array<ArrayBuffer> {
  const hex = number.toString(16)
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
}
