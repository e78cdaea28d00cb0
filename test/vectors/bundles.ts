/** Offline bundles, and what verifying them comes to. */
import { createHash, type KeyObject, sign } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { MANIFEST_VECTORS } from './given.ts'
import { attacker, canonical, certificate, ed25519, encode, jws, type Key, KEYS, NOW, root, signed, TRUST_ROOT, trustRootJws } from './signing.ts'

const LIST_URI = 'https://network.example/v1/status-lists/0'
const LIST_BYTES = 16_384
const SECONDS = Date.parse(NOW) / 1000
const HOUR_S = 3_600

const sha256 = (...parts: Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const base64 = (...parts: Uint8Array[]): string => Buffer.concat(parts).toString('base64')

// c2sp.org/signed-note, c2sp.org/tlog-cosignature

interface NoteKey {
  readonly name: string
  readonly id: Buffer
  readonly vkey: string
  readonly privateKey: KeyObject
}

const log = noteKey('network.example/log', 3, 0x01)
const otherLog = noteKey('network.example/log', 4, 0x01)
const witness = noteKey('witness.example/1', 5, 0x04)
const POLICY = `witness w1 ${witness.vkey}\nquorum w1\n`

function noteKey(name: string, seed: number, type: number): NoteKey {
  const { privateKey, publicKey } = ed25519(seed)
  const key = Buffer.concat([Buffer.from([type]), Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')])
  const id = sha256(Buffer.from(`${name}\n`), key).subarray(0, 4)
  return { name, id, vkey: `${name}+${id.toString('hex')}+${base64(key)}`, privateKey }
}

const line = (key: NoteKey, signature: Buffer): string => `— ${key.name} ${base64(key.id, signature)}\n`
const signedBy = (key: NoteKey, text: string): string => line(key, sign(null, Buffer.from(text), key.privateKey))

function cosignedBy(key: NoteKey, text: string): string {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(SECONDS))
  const message = Buffer.from(`cosignature/v1\ntime ${SECONDS}\n${text}`)
  return line(key, Buffer.concat([time, sign(null, message, key.privateKey)]))
}

// RFC 6962 §2.1, c2sp.org/tlog-proof

const leaf = (entry: string): Buffer => sha256(Buffer.from([0]), Buffer.from(entry))
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.from([1]), left, right)

function issued(members: Record<string, unknown>): Buffer {
  const subject = sha256(Buffer.from(members.certificate_id as string)).toString('hex')
  const digest = sha256(Buffer.from(canonical(members))).toString('hex')
  return leaf(canonical({ type: 'certificate.issued', subject, time: members.issued_at, digest }))
}

/** A tree of six leaves, with the certificate's at index 4: its sibling, then the root of the first four. */
function proof(members = certificate(), more: { log?: NoteKey; index?: number; witnesses?: NoteKey[] } = {}): string {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(leaf) as [Buffer, Buffer, Buffer, Buffer]
  const own = issued(members)
  const sibling = leaf('e')
  const first = node(node(a, b), node(c, d))
  const text = `network.example/log\n6\n${base64(node(first, node(own, sibling)))}\n`
  const lines = signedBy(more.log ?? log, text) + (more.witnesses ?? []).map((key) => cosignedBy(key, text)).join('')
  return `c2sp.org/tlog-proof@v1\nindex ${more.index ?? 4}\n${base64(sibling)}\n${base64(first)}\n\n${text}\n${lines}`
}

// Token Status List

interface TokenOptions {
  readonly header?: object
  readonly claims?: object
  readonly list?: object
  readonly revoked?: readonly number[]
}

function token(options: TokenOptions = {}, key: Key = KEYS.active): string {
  const bits = Buffer.alloc(LIST_BYTES)
  for (const index of options.revoked ?? []) bits[index >>> 3]! |= 1 << (index & 7)
  const status_list = { bits: 1, lst: deflateSync(bits).toString('base64url'), ...options.list }
  const claims = { sub: LIST_URI, iat: SECONDS, exp: SECONDS + HOUR_S, ttl: 300, status_list, ...options.claims }
  const input = `${encode({ alg: 'RS256', typ: 'statuslist+jwt', kid: key.entry.kid, ...options.header })}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), key.privateKey).toString('base64url')}`
}

// The bundle

const LOG = { origin: log.name, verifier_key: log.vkey, url: 'https://network.example/log', witness_policy: 'quorum none\n', witness_failure: 'open' }
const ROOT = { ...TRUST_ROOT, keys: [KEYS.active.entry], log: LOG, agent_ca_certificates: [] }
const rootWith = (more: object) => trustRootJws({ ...ROOT, ...more })
const rootWithLog = (more: object) => rootWith({ log: { ...LOG, ...more } })
const compromised = (index?: number) => ({ ...KEYS.active.entry, state: 'compromised', ...(index === undefined ? {} : { compromised_log_index: index }) })

function bundle(more: Record<string, unknown> = {}, members = certificate()): string {
  return JSON.stringify({
    media_type: 'application/vnd.coderisk.bundle+json',
    schema_version: '1.0',
    certificate: { ...signed(KEYS.active, members), status: 'valid' },
    trust_root: trustRootJws(ROOT),
    status_list: token(),
    log_proof: proof(members),
    jws: jws(KEYS.active, {}, members),
    ...more,
  })
}

interface Given {
  readonly now?: string
  readonly minimum_version?: number
  /** The payload of a trust root that was accepted before. */
  readonly held?: object
  readonly code?: string
  readonly files?: readonly { readonly path: string; readonly content: string }[]
}

/** What a check comes to is `passed` or its reason; those that are not named here are as in {@link GOOD}. */
type Row = readonly [name: string, text: string, verdict: string, checks: Record<string, string>, given?: Given & { trust_root?: string }]

const GOOD = { signature: 'passed', key_validity: 'passed', expiry: 'passed', status: 'passed', log: 'passed', witnesses: 'no_witnesses_required' }
const all = (reason: string) => ({ signature: reason, key_validity: reason, expiry: reason, status: 'status_unavailable', log: reason, witnesses: reason })
const noProof = { log: 'log_proof_invalid', witnesses: 'log_proof_invalid' }
const other = certificate({ certificate_id: 'CERT-2026-0000000000000000' })
const FILES = MANIFEST_VECTORS[0]!.files

const ROWS = (): Row[] => [
  ['valid', bundle(), 'valid', {}],
  ['valid, written another way', JSON.stringify(JSON.parse(bundle()), null, 2), 'valid', {}],
  ['valid, with a member that is not known', bundle({ note: 'x' }), 'valid', {}],
  ['valid, with a JWS that a later key made', bundle({ trust_root: rootWith({ keys: [KEYS.active.entry, { ...KEYS.pending.entry, valid_from: '2026-11-24T00:00:00.000Z' }] }), jws: jws(KEYS.pending, { iat: SECONDS }) }), 'valid', {}],
  ['valid, without a proof', bundle({ log_proof: undefined }), 'valid', { log: 'log_proof_missing', witnesses: 'log_proof_missing' }],
  ['valid, by a trust root from before there was a log', bundle({ trust_root: trustRootJws({ ...ROOT, log: undefined, agent_ca_certificates: undefined }) }), 'valid', { log: 'log_unknown', witnesses: 'log_unknown' }],
  ['valid, with its files', bundle(), 'valid', { code_hash: 'passed' }, { files: FILES }],
  ['code: a file changed', bundle(), 'invalid', { code_hash: 'code_hash_mismatch' }, { files: FILES.map((file) => ({ ...file, content: `${file.content}x` })) }],
  ['code: a file missing', bundle(), 'invalid', { code_hash: 'code_files_missing' }, { files: FILES.slice(1) }],
  ['code: one piece where files were', bundle(), 'invalid', { code_hash: 'code_hash_mismatch' }, { code: 'x' }],
  ['signature: the certificate altered', bundle({ certificate: { ...signed(KEYS.active), risk_score: 0 } }), 'invalid', { signature: 'signature_invalid', ...noProof }],
  ['signature: a JWS of another certificate', bundle({ jws: jws(KEYS.active, {}, other) }), 'invalid', { signature: 'jws_mismatch' }],
  ['signature: a JWS by another key', bundle({ jws: { ...jws(KEYS.unlisted), protected: jws(KEYS.active).protected } }), 'invalid', { signature: 'signature_invalid' }],
  ['signature: a JWS with alg none', bundle({ jws: { ...jws(KEYS.active, { alg: 'none' }), signature: '' } }), 'invalid', { signature: 'jws_mismatch' }],
  ['signature: another certificate, with all that was there', bundle({ certificate: signed(KEYS.active, other) }), 'invalid', { signature: 'jws_mismatch', ...noProof }],
  ['key: not listed', bundle({ certificate: signed(KEYS.unlisted) }), 'invalid', { signature: 'key_unknown', key_validity: 'key_unknown' }],
  ['key: compromised after the entry', bundle({ trust_root: rootWith({ keys: [compromised(5), KEYS.pending.entry] }), status_list: token({}, KEYS.pending) }), 'valid', {}],
  ['key: compromised at the entry', bundle({ trust_root: rootWith({ keys: [compromised(4), KEYS.pending.entry] }), status_list: token({}, KEYS.pending) }), 'invalid', { key_validity: 'key_compromised' }],
  ['key: compromised, without a proof', bundle({ trust_root: rootWith({ keys: [compromised(5), KEYS.pending.entry] }), status_list: token({}, KEYS.pending), log_proof: undefined }), 'invalid', { key_validity: 'key_compromised', log: 'log_proof_missing', witnesses: 'log_proof_missing' }],
  ['key: compromised, since nobody knows when', bundle({ trust_root: rootWith({ keys: [compromised(), KEYS.pending.entry] }), status_list: token({}, KEYS.pending) }), 'invalid', { key_validity: 'key_compromised' }],
  ['trust root: vouches for itself', bundle({ trust_root: trustRootJws(ROOT, {}, attacker.privateKey) }), 'indeterminate', all('trust_root_not_pinned'), { trust_root: 'trust_root_not_pinned' }],
  ['trust root: vouches for itself, where a good one is held', bundle({ trust_root: trustRootJws(ROOT, {}, attacker.privateKey) }), 'indeterminate', all('trust_root_not_pinned'), { held: { ...ROOT, version: 9 }, trust_root: 'trust_root_not_pinned' }],
  ['trust root: rolled back', bundle(), 'indeterminate', all('trust_root_rolled_back'), { minimum_version: 8, trust_root: 'trust_root_rolled_back' }],
  ['trust root: rolled back, where a newer one is held', bundle(), 'valid', {}, { minimum_version: 9, held: { ...ROOT, version: 9 } }],
  ['trust root: that is held revokes the key', bundle({ status_list: token({}, KEYS.pending) }), 'invalid', { key_validity: 'key_compromised' }, { held: { ...ROOT, version: 9, keys: [compromised(), KEYS.pending.entry] } }],
  ['trust root: expired', bundle(), 'indeterminate', all('trust_root_expired'), { now: '2026-12-20T00:00:00.000Z', trust_root: 'trust_root_expired' }],
  ['trust root: a log that is none', bundle({ trust_root: rootWithLog({ verifier_key: otherLog.vkey.slice(1) }) }), 'indeterminate', all('trust_root_malformed'), { trust_root: 'trust_root_malformed' }],
  ['status: revoked', bundle({ status_list: token({ revoked: [5] }) }), 'invalid', { status: 'revoked' }],
  ['status: another one is revoked', bundle({ status_list: token({ revoked: [4, 6, 13] }) }), 'valid', {}],
  ['status: just before it expires', bundle(), 'valid', {}, { now: '2026-11-25T00:59:59.999Z' }],
  ['status: expired', bundle(), 'indeterminate', { status: 'status_stale' }, { now: '2026-11-25T01:00:00.000Z' }],
  ['status: expired, and revoked', bundle({ status_list: token({ revoked: [5] }) }), 'invalid', { status: 'revoked' }, { now: '2026-11-25T01:00:00.000Z' }],
  ['status: missing', bundle({ status_list: undefined }), 'indeterminate', { status: 'status_unavailable' }],
  ['status: alg none', bundle({ status_list: `${encode({ alg: 'none', typ: 'statuslist+jwt', kid: KEYS.active.entry.kid })}.${token().split('.')[1]}.` }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: another typ', bundle({ status_list: token({ header: { typ: 'JWT' } }) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: by another key', bundle({ status_list: token({}, KEYS.unlisted) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: by another key under our name', bundle({ status_list: token({ header: { kid: KEYS.active.entry.kid } }, KEYS.unlisted) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: by a compromised key', bundle({ trust_root: rootWith({ keys: [KEYS.active.entry, KEYS.compromised.entry] }), status_list: token({}, KEYS.compromised) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: from the future', bundle({ status_list: token({ claims: { iat: SECONDS + 61 } }) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: garbage', bundle({ status_list: token({ list: { lst: 'eJwAAAAA' } }) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: cut short', bundle({ status_list: token({ list: { lst: 'eNrbuRgA' } }) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: a bomb', bundle({ status_list: token({ list: { lst: deflateSync(Buffer.alloc(1024 * 1024)).toString('base64url') } }) }), 'indeterminate', { status: 'status_token_invalid' }],
  ['status: of another list', bundle({ status_list: token({ claims: { sub: 'https://network.example/v1/status-lists/1' } }) }), 'indeterminate', { status: 'status_list_mismatch' }],
  ['status: a list that is too short', bundle({ status_list: token({ list: { lst: 'eJwDAAAAAAE' } }) }), 'indeterminate', { status: 'status_index_out_of_range' }],
  ['log: the proof of another certificate', bundle({ log_proof: proof(other) }), 'invalid', noProof],
  ['log: another index', bundle({ log_proof: proof(certificate(), { index: 5 }) }), 'invalid', noProof],
  ['log: the checkpoint of another log', bundle({ log_proof: proof(certificate(), { log: otherLog }) }), 'invalid', noProof],
  ['log: no proof at all', bundle({ log_proof: 'hello' }), 'invalid', noProof],
  ['witnesses: enough', bundle({ trust_root: rootWithLog({ witness_policy: POLICY }), log_proof: proof(certificate(), { witnesses: [witness] }) }), 'valid', { witnesses: 'passed' }],
  ['witnesses: too few, open', bundle({ trust_root: rootWithLog({ witness_policy: POLICY }) }), 'valid', { witnesses: 'witness_quorum_missing' }],
  ['witnesses: too few, closed', bundle({ trust_root: rootWithLog({ witness_policy: POLICY, witness_failure: 'closed' }) }), 'invalid', { witnesses: 'witness_quorum_missing' }],
  ['expired', bundle({}, certificate({ expires_at: NOW })), 'invalid', { expiry: 'expired' }],
  ['malformed: no JSON', '{', 'invalid', all('malformed')],
  ['malformed: a member twice', bundle().replace('{', '{"schema_version":"1.0",'), 'invalid', all('malformed')],
  ['malformed: another version', bundle({ schema_version: '2.0' }), 'invalid', all('malformed')],
  ['malformed: another media type', bundle({ media_type: 'application/json' }), 'invalid', all('malformed')],
  ['malformed: a bare certificate', JSON.stringify(signed(KEYS.active)), 'invalid', all('malformed')],
]

/** `trust_root` is the reason for which the bundle's own is refused, or null. */
export function bundleVectors() {
  return ROWS().map(([name, text, verdict, checks, { held, trust_root = null, ...given } = {}]) => ({
    name,
    text,
    now: NOW,
    minimum_version: 0,
    ...given,
    ...(held && { held_trust_root: trustRootJws(held, {}, root.privateKey) }),
    verdict,
    checks: { ...GOOD, ...checks },
    trust_root,
  }))
}
