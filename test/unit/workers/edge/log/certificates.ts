import { CompactSign, exportSPKI, FlattenedSign, generateKeyPair } from 'jose'
import { canonicalText, signedMembers } from '../../../../../core/verify/canonical.ts'
import { toBase64, utf8 } from '../../../../../core/verify/encoding.ts'
import { issuedLogEntry } from '../../../../../core/verify/log-entry.ts'
import { STATUS_LIST_SIZE } from '../../../../../core/verify/status-list.ts'
import { encodeStatusList } from '../../../../../core/verify/status-token.ts'
import type { TrustRootKey } from '../../../../../core/verify/trust-root.ts'
import {
  type CertificateRecord,
  certificateKey,
  statusListObject,
  writeRecord,
} from '../../../../../schema/kv.ts'
import { certificate, ID } from '../pages/fixtures.ts'
import { type FakeEdge, NOW, type TestLog } from './support.ts'

export { ID }
export const LIST = 3
export const INDEX = 77
const KID = 'key-202701-0a1b2c3d'
const BASE_URL = 'https://trust.example'

/** A signing key, as a network has it: making one takes seconds. */
export class TestSigner {
  readonly key: TrustRootKey
  readonly #privateKey: CryptoKey

  static async create(kid = KID): Promise<TestSigner> {
    const pair = await generateKeyPair('RS256', { modulusLength: 4096, extractable: true })
    const { n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey)
    return new TestSigner(
      kid,
      { kty: 'RSA', n: n!, e: e! },
      await exportSPKI(pair.publicKey),
      pair.privateKey,
    )
  }

  private constructor(kid: string, jwk: TrustRootKey['jwk'], pem: string, privateKey: CryptoKey) {
    this.key = {
      kid,
      algorithm: 'RS256',
      state: 'active',
      valid_from: new Date(NOW - 60 * 86_400_000).toISOString(),
      valid_to: null,
      jwk,
      pem,
    }
    this.#privateKey = privateKey
  }

  /** The certificate of the pages' fixtures, live and signed. */
  async certificate(over: object = {}): Promise<CertificateRecord> {
    const issued_at = new Date(NOW - 60_000).toISOString()
    const expires_at = new Date(NOW + 30 * 86_400_000).toISOString()
    const status_list = { uri: `${BASE_URL}/v1/status-lists/${LIST}`, idx: INDEX }
    const made = { ...certificate(), issued_at, expires_at, status_list, ...over }
    const signed = canonicalText(signedMembers(made))
    const value = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', this.#privateKey, utf8(signed))
    const signature = {
      algorithm: 'RS256',
      public_key_id: this.key.kid,
      value: toBase64(new Uint8Array(value)),
    } as const
    return { v: 1, generation: 1, signature, signed }
  }

  /** Flattened JWS, JSON text. */
  async jws(payload: string): Promise<string> {
    const jws = new FlattenedSign(utf8(payload)).setProtectedHeader({ alg: 'RS256', kid: this.key.kid })
    return JSON.stringify(await jws.sign(this.#privateKey))
  }

  /** A status list token, of which so many seconds have gone. */
  async statusToken(revoked: readonly number[] = [], age = 0, over: object = {}): Promise<string> {
    const iat = NOW / 1000 - age
    const status_list = { bits: 1, lst: await encodeStatusList(statusBits(revoked)) }
    const claims = {
      sub: `${BASE_URL}/v1/status-lists/${LIST}`,
      iat,
      exp: iat + 86_400,
      ttl: 300,
      status_list,
      ...over,
    }
    return new CompactSign(utf8(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'RS256', kid: this.key.kid, typ: 'statuslist+jwt' })
      .sign(this.#privateKey)
  }
}

/** The statement that a Sigstore bundle carries; who reads the bundle checks its signature, not the edge. */
/** @param hint the key that it says it is signed by */
export function sigstoreForm(
  record: CertificateRecord,
  over: object = {},
  hint = record.signature.public_key_id,
): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicate: JSON.parse(record.signed),
    ...over,
  }
  const payload = toBase64(utf8(JSON.stringify(statement)))
  return JSON.stringify({
    verificationMaterial: { publicKey: { hint } },
    dsseEnvelope: { payload, signatures: [{ sig: 'AA==' }] },
  })
}

/** Puts a certificate where the edge looks for it, and its issue into the log. @returns its place */
export async function publish(
  edge: FakeEdge,
  log: TestLog,
  record: CertificateRecord,
  place?: number,
): Promise<number> {
  const signed = JSON.parse(record.signed)
  const index = log.size
  await log.grow((await issuedLogEntry(signed, utf8(record.signed))).bytes)
  const known = place === undefined ? {} : { logIndex: place, leafHash: log.leafHash(index) }
  edge.kv.set(certificateKey(signed.certificate_id), writeRecord({ ...record, ...known }))
  return index
}

/** What the core says of live status from now on. */
export function setRevoked(edge: FakeEdge, ...revoked: number[]): void {
  let version = 1
  edge.core.readStatus = async () => ({ version: version++, asOf: Date.now(), bits: statusBits(revoked) })
}

export async function putStatusToken(log: TestLog, token: string): Promise<void> {
  log.r2.put(statusListObject(LIST), token)
}

function statusBits(revoked: readonly number[]): Uint8Array {
  const bits = new Uint8Array(STATUS_LIST_SIZE / 8)
  for (const index of revoked) bits[index >>> 3]! |= 1 << (index & 7)
  return bits
}
