import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { canonicalText, signedMembers } from '../../../../core/verify/canonical.ts'
import { formatVerifierKey, parseVerifierKey } from '../../../../core/verify/log/note.ts'
import type { TrustRoot, TrustRootLog } from '../../../../core/verify/trust-root.ts'
import type { SignedCertificate } from '../../../../schema/wire/certificate.ts'
import { makeKey, makeTrustRoot, signedJson, type TestKey } from './fixtures.ts'

/** When bundles are verified, unless a test says otherwise. */
export const NOW = new Date('2026-11-25T12:00:00.000Z')
export const ORIGIN = 'network.example/log'
export const LIST_URI = 'https://network.example/v1/status-lists/0'
const LIST_BYTES = 16_384

export const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
export const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** An Ed25519 key with its name in signed notes. */
export interface NoteKey {
  readonly name: string
  readonly type: 0x01 | 0x04
  readonly privateKey: KeyObject
  readonly vkey: string
  /** JWK, public. */
  readonly jwk: { readonly kty: string; readonly crv: string; readonly x: string }
}

export function makeNoteKey(name: string, type: 0x01 | 0x04 = 0x01): NoteKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' }) as NoteKey['jwk']
  return { name, type, privateKey, vkey: formatVerifierKey(name, Buffer.from(jwk.x, 'base64url'), type), jwk }
}

const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])

/** RFC 6962 §2.1, written as it is there. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!
  const half = split(leaves.length)
  return sha256(NODE, rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)))
}

/** RFC 6962 §2.1.1. */
function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const half = split(leaves.length)
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)]
  return index < half
    ? [...pathOf(index, left), rootOf(right)]
    : [...pathOf(index - half, right), rootOf(left)]
}

function split(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** The leaf of a certificate's issue, from the format's document. */
export function leafOf(certificate: object): Buffer {
  const { certificate_id, issued_at } = certificate as SignedCertificate
  const signed = canonicalText(signedMembers({ ...certificate }))
  const entry = {
    type: 'certificate.issued',
    subject: sha256(Buffer.from(certificate_id)).toString('hex'),
    time: issued_at,
    digest: sha256(Buffer.from(signed)).toString('hex'),
  }
  return sha256(LEAF, Buffer.from(canonicalText(entry)))
}

export interface ProofOptions {
  readonly index?: number
  readonly size?: number
  readonly log?: NoteKey
  readonly origin?: string
  readonly witnesses?: readonly NoteKey[]
}

/** A proof that a log of `size` leaves has the certificate at `index`; its other leaves are made up. */
export function makeProof(log: NoteKey, certificate: object, options: ProofOptions = {}): string {
  const { index = 5, size = 11, origin = log.name } = options
  const leaves = Array.from({ length: size }, (_, i) => sha256(LEAF, Buffer.from(`leaf ${i}`)))
  leaves[index] = leafOf(certificate)
  const hashes = pathOf(index, leaves).map((hash) => `${hash.toString('base64')}\n`)
  const text = `${origin}\n${size}\n${rootOf(leaves).toString('base64')}\n`
  const lines = [noteLine(log, sign(null, Buffer.from(text), log.privateKey))]
  for (const witness of options.witnesses ?? []) lines.push(cosign(witness, text))
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.join('')}\n${text}\n${lines.join('')}`
}

function cosign(witness: NoteKey, text: string): string {
  const time = seconds(NOW)
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), witness.privateKey)
  const stamp = Buffer.alloc(8)
  stamp.writeBigUInt64BE(BigInt(time))
  return noteLine(witness, Buffer.concat([stamp, signature]))
}

function noteLine({ name, vkey }: NoteKey, signature: Buffer): string {
  return `— ${name} ${Buffer.concat([parseVerifierKey(vkey)!.id, signature]).toString('base64')}\n`
}

export interface TokenOptions {
  readonly header?: object
  readonly claims?: object
  /** Merged into `status_list`. */
  readonly list?: object
  /** Indices that are revoked. */
  readonly revoked?: readonly number[]
  readonly issuedAt?: Date
  /** Seconds. */
  readonly lifetime?: number
}

/** A status list token of 131,072 certificates. */
export function makeToken(key: TestKey, options: TokenOptions = {}): string {
  const iat = seconds(options.issuedAt ?? NOW)
  const bits = Buffer.alloc(LIST_BYTES)
  for (const index of options.revoked ?? []) bits[index >>> 3]! |= 1 << (index & 7)
  const claims = {
    sub: LIST_URI,
    iat,
    exp: iat + (options.lifetime ?? 86_400),
    ttl: 300,
    status_list: { bits: 1, lst: deflateSync(bits).toString('base64url'), ...options.list },
    ...options.claims,
  }
  const header = { alg: 'RS256', typ: 'statuslist+jwt', kid: key.entry.kid, ...options.header }
  return signCompact(key, header, claims)
}

export function signCompact(key: TestKey, header: object, claims: unknown): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), key.privateKey).toString('base64url')}`
}

export function signTrustRoot(root: NoteKey, trustRoot: object) {
  const head = encode({ alg: 'EdDSA', typ: 'coderisk-trust-root+json' })
  const payload = encode(trustRoot)
  const signature = sign(null, Buffer.from(`${head}.${payload}`), root.privateKey).toString('base64url')
  return { protected: head, payload, signature }
}

/** A JWS over the signed bytes of a certificate. */
export function makeJws(key: TestKey, certificate: object, header: object = {}) {
  const head = encode({ alg: 'RS256', kid: key.entry.kid, ...header })
  const payload = encode(canonicalText(signedMembers({ ...certificate })))
  const signature = sign('sha256', Buffer.from(`${head}.${payload}`), key.privateKey).toString('base64url')
  return { protected: head, payload, signature }
}

/** A network whose keys were made for one test file. */
export interface TestNetwork {
  readonly key: TestKey
  readonly root: NoteKey
  readonly log: NoteKey
  readonly witnesses: readonly [NoteKey, NoteKey]
}

export function makeNetwork(): TestNetwork {
  const witnesses = [makeNoteKey('witness.example/1', 0x04), makeNoteKey('witness.example/2', 0x04)] as const
  return { key: makeKey(), root: makeNoteKey('root'), log: makeNoteKey(ORIGIN), witnesses }
}

export function trustRootLog(
  { log, witnesses }: TestNetwork,
  more: Partial<TrustRootLog> = {},
): TrustRootLog {
  const [first, second] = witnesses
  return {
    origin: log.name,
    verifier_key: log.vkey,
    url: 'https://network.example/log',
    witness_policy: `witness w1 ${first.vkey}\nwitness w2 ${second.vkey}\nquorum none\n`,
    witness_failure: 'open',
    ...more,
  }
}

/** The policy that one of the two witnesses is enough for. */
export function oneWitness({ witnesses: [first, second] }: TestNetwork): string {
  return `witness w1 ${first.vkey}\nwitness w2 ${second.vkey}\ngroup any-of-us any w1 w2\nquorum any-of-us\n`
}

export function networkTrustRoot(network: TestNetwork, more: Partial<TrustRoot> = {}): TrustRoot {
  return {
    ...makeTrustRoot(network.key.entry),
    log: trustRootLog(network),
    agent_ca_certificates: [],
    ...more,
  }
}

/** A bundle in which everything holds, and what of it a test replaces. */
export function makeBundle(
  network: TestNetwork,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const certificate = (more.certificate ?? signedJson(network.key)) as Record<string, unknown>
  return {
    media_type: 'application/vnd.coderisk.bundle+json',
    schema_version: '1.0',
    trust_root: signTrustRoot(network.root, networkTrustRoot(network)),
    status_list: makeToken(network.key),
    log_proof: certificate.certificate_id ? makeProof(network.log, certificate) : null,
    jws: makeJws(network.key, certificate),
    certificate: { ...certificate, status: 'valid' },
    ...more,
  }
}
