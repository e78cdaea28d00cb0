/**
 * Writes the vectors that every SDK of this network must satisfy: `node test/vectors/generate.ts`. The keys are fixed, so that
 * each run writes the same. What is expected is written here by hand, from the documented format, and not taken from the code
 * that is tested.
 */
import { createHash, createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { bundleVectors } from './bundles.ts'
import { CANONICAL_VECTORS, MANIFEST_VECTORS, STATUS_LIST_VECTORS, STRICT_JSON_VECTORS } from './given.ts'
import { attacker, canonical, certificate, encode, jws, KEYS, NOW, rootJwk, signature, signed, TRUST_ROOT, trustRootJws } from './signing.ts'

/** Members whose values are written another way, in another order, with white space. */
function rewritten(): string {
  return JSON.stringify(Object.fromEntries(Object.entries(signed(KEYS.active)).reverse()), null, 4)
    .replace('"risk_score": 3', '"risk_score": 3.0')
    .replace('"confidence": 0.4', '"confidence": 4.0E-1')
    .replace('größe', 'gr\\u00f6\\u00DFe')
}

/** Another last character that decodes to the same bytes. */
function withSpareBits(base64: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const next = alphabet[alphabet.indexOf(base64.at(-2)!) + 1]
  return `${base64.slice(0, -2)}${next}=`
}

type Expected = 'passed' | 'malformed' | 'test_mode' | 'signature_invalid' | 'key_unknown' | 'key_compromised' | 'key_not_valid_at_issue'

/** `text` is the file as it is received; `signature` and `key_validity` are `passed` or the reason. */
function certificateVectors() {
  const good = JSON.stringify(signed(KEYS.active))
  const change = (more: Record<string, unknown>) => JSON.stringify({ ...signed(KEYS.active), ...more })
  const resign = (more: Record<string, unknown>) => {
    const own = signed(KEYS.active) as { signature: object }
    return JSON.stringify({ ...own, signature: { ...own.signature, ...more } })
  }
  const { value } = signature(KEYS.active, certificate())
  const rows: [name: string, text: string, signature: Expected, keyValidity: Expected][] = [
    ['valid', good, 'passed', 'passed'],
    ['valid, written another way', rewritten(), 'passed', 'passed'],
    ['valid, with the unsigned members of a served certificate', change({ status: 'revoked', log: { state: 'pending', leaf_hash: '00' }, blockchain_hash: '0x0' }), 'passed', 'passed'],
    ['valid, by a pending key', JSON.stringify(signed(KEYS.pending)), 'passed', 'passed'],
    ['valid, by a key that was retired later', JSON.stringify(signed(KEYS.retired, certificate({ issued_at: '2026-10-31T23:59:59.999Z' }))), 'passed', 'passed'],
    ['by a key that had been retired', JSON.stringify(signed(KEYS.retired)), 'passed', 'key_not_valid_at_issue'],
    ['by a key before its time', JSON.stringify(signed(KEYS.active, certificate({ issued_at: '2026-10-31T00:00:00.000Z' }))), 'passed', 'key_not_valid_at_issue'],
    ['by a compromised key', JSON.stringify(signed(KEYS.compromised)), 'passed', 'key_compromised'],
    ['by a key that is not in the trust root', JSON.stringify(signed(KEYS.unlisted)), 'key_unknown', 'key_unknown'],
    ['by that key, under the name of another', JSON.stringify({ ...certificate(), signature: { ...signature(KEYS.unlisted, certificate()), public_key_id: KEYS.active.entry.kid } }), 'signature_invalid', 'passed'],
    ['in test mode', JSON.stringify(signed(KEYS.active, certificate({ livemode: false }))), 'test_mode', 'test_mode'],
    ['tampered: risk score', change({ risk_score: 1 }), 'signature_invalid', 'passed'],
    ['tampered: expiry', change({ expires_at: '2036-12-21T00:00:00.000Z' }), 'signature_invalid', 'passed'],
    ['tampered: code hash', change({ code_hash: '0'.repeat(64) }), 'signature_invalid', 'passed'],
    ['tampered: status index', change({ status_list: { uri: 'https://network.example/v1/status-lists/0', idx: 6 } }), 'signature_invalid', 'passed'],
    ['tampered: paths in another order', change({ files_changed: ['src/payment.ts', 'src/größe.ts'] }), 'signature_invalid', 'passed'],
    ['tampered: a path in NFD', change({ files_changed: ['src/größe.ts'.normalize('NFD'), 'src/payment.ts'] }), 'signature_invalid', 'passed'],
    ['tampered: a member added', change({ note: 'approved' }), 'signature_invalid', 'passed'],
    ['tampered: __proto__ added', good.replace('{', '{"__proto__":{"risk_score":0},'), 'signature_invalid', 'passed'],
    ['tampered: a member taken out', JSON.stringify({ ...signed(KEYS.active), framework: undefined, user_id: undefined }), 'signature_invalid', 'passed'],
    ['tampered: signature of zeros', resign({ value: Buffer.alloc(512).toString('base64') }), 'signature_invalid', 'passed'],
    ['malformed: a member twice', good.replace('{', '{"risk_score":1,'), 'malformed', 'malformed'],
    ['malformed: a member twice, once escaped', good.replace('{', '{"risk\\u005fscore":1,'), 'malformed', 'malformed'],
    ['malformed: a lone surrogate', good.replace('usr_', '\\ud800'), 'malformed', 'malformed'],
    ['malformed: unsigned', JSON.stringify(certificate()), 'malformed', 'malformed'],
    ['malformed: algorithm none', resign({ algorithm: 'none' }), 'malformed', 'malformed'],
    ['malformed: signature in base64url', resign({ value: Buffer.from(value, 'base64').toString('base64url') }), 'malformed', 'malformed'],
    ['malformed: signature with spare bits set', resign({ value: withSpareBits(value) }), 'malformed', 'malformed'],
    ['malformed: signed, of another schema', JSON.stringify(signed(KEYS.active, certificate({ schema_version: '2.0' }))), 'malformed', 'malformed'],
    ['malformed: signed, with an id of another form', JSON.stringify(signed(KEYS.active, certificate({ certificate_id: 'CERT-1' }))), 'malformed', 'malformed'],
    ['malformed: no JSON', '{', 'malformed', 'malformed'],
    ['malformed: too deep', '['.repeat(10_000), 'malformed', 'malformed'],
    ['JWS: valid', JSON.stringify(jws(KEYS.active)), 'passed', 'passed'],
    ['JWS: another payload', JSON.stringify({ ...jws(KEYS.active), payload: encode(canonical(certificate({ risk_score: 1 }))) }), 'signature_invalid', 'passed'],
    ['JWS: header changed after signing', JSON.stringify({ ...jws(KEYS.active), protected: encode({ alg: 'RS256', kid: KEYS.active.entry.kid, typ: 'x' }) }), 'signature_invalid', 'passed'],
    ['JWS: alg none', JSON.stringify({ ...jws(KEYS.active, { alg: 'none' }), signature: '' }), 'malformed', 'malformed'],
    ['JWS: alg HS256 under the public key', JSON.stringify(hmacJws()), 'malformed', 'malformed'],
    ['JWS: crit', JSON.stringify(jws(KEYS.active, { crit: ['exp'], exp: 1 })), 'malformed', 'malformed'],
    ['JWS: b64', JSON.stringify(jws(KEYS.active, { b64: true })), 'malformed', 'malformed'],
    ['JWS: an unprotected header', JSON.stringify({ ...jws(KEYS.active), header: { kid: KEYS.active.entry.kid } }), 'malformed', 'malformed'],
  ]
  return rows.map(([name, text, outcome, key_validity]) => ({ name, text, signature: outcome, key_validity }))
}

function hmacJws() {
  const head = encode({ alg: 'HS256', kid: KEYS.active.entry.kid })
  const payload = encode(canonical(certificate()))
  const value = createHmac('sha256', KEYS.active.entry.pem as string).update(`${head}.${payload}`).digest('base64url')
  return { protected: head, payload, signature: value }
}

/** `reason` is null where the trust root opens. */
function trustRootVectors() {
  const good = trustRootJws()
  const rows: [name: string, jws: unknown, reason: string | null, more?: { now?: string; minimum_version?: number }][] = [
    ['valid', good, null],
    ['valid, seen before', good, null, { minimum_version: 7 }],
    ['rolled back', good, 'trust_root_rolled_back', { minimum_version: 8 }],
    ['just before it expires', good, null, { now: '2026-12-19T23:59:59.999Z' }],
    ['expired', good, 'trust_root_expired', { now: '2026-12-20T00:00:00.000Z' }],
    ['by another key', trustRootJws(TRUST_ROOT, {}, attacker.privateKey), 'trust_root_not_pinned'],
    ['by another key, which the header brings', trustRootJws(TRUST_ROOT, { jwk: attacker.publicKey.export({ format: 'jwk' }) }, attacker.privateKey), 'trust_root_not_pinned'],
    ['another payload', { ...good, payload: encode({ ...TRUST_ROOT, version: 8 }) }, 'trust_root_not_pinned'],
    ['alg none', { ...good, protected: encode({ alg: 'none' }), signature: '' }, 'trust_root_not_pinned'],
    ['crit', trustRootJws(TRUST_ROOT, { crit: ['exp'], exp: 1 }), 'trust_root_not_pinned'],
    ['an unprotected header', { ...good, header: { alg: 'EdDSA' } }, 'trust_root_malformed'],
    ['the bare payload', TRUST_ROOT, 'trust_root_malformed'],
    ['signed, of another type', trustRootJws({ ...TRUST_ROOT, type: 'other' }), 'trust_root_malformed'],
    ['signed, with a member twice', trustRootJws(JSON.stringify(TRUST_ROOT).replace('{', '{"version":1,')), 'trust_root_malformed'],
    ['signed, with a key in an unknown state', trustRootJws({ ...TRUST_ROOT, keys: [{ ...KEYS.active.entry, state: 'other' }] }), 'trust_root_malformed'],
  ]
  return rows.map(([name, jws, reason, more]) => ({ name, jws, now: NOW, minimum_version: 0, ...more, reason }))
}

function write(name: string, value: unknown): void {
  writeFileSync(path.join(import.meta.dirname, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`)
}

for (const { files, manifest, sha256 } of MANIFEST_VECTORS) {
  const hash = createHash('sha256').update(manifest).digest('hex')
  if (hash !== sha256) throw new Error(`the manifest of ${files.length} files has the hash ${hash}`)
}
write('root-key', rootJwk)
write('trust-root', trustRootJws())
write('trust-roots', trustRootVectors())
write('certificates', certificateVectors())
write('bundles', bundleVectors())
write('canonical', CANONICAL_VECTORS)
write('strict-json', STRICT_JSON_VECTORS)
write('manifest', MANIFEST_VECTORS)
write('status-list', STATUS_LIST_VECTORS)
