/** What the vectors are signed with, and the certificate and trust root that they begin from. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { MANIFEST_VECTORS } from './given.ts'
import PRIVATE_KEYS from './keys.json' with { type: 'json' }

export const NOW = '2026-11-25T00:00:00.000Z'
const ISSUED = '2026-11-21T00:00:00.000Z'

export interface Key {
  readonly entry: Record<string, unknown> & { readonly kid: string }
  readonly privateKey: KeyObject
}

/** Their private halves are in keys.json: they are of these vectors alone, and so worth nothing. */
export const KEYS = {
  active: makeKey('active', 'key-202611-00000001', '2026-11-01T00:00:00.000Z', null),
  pending: makeKey('pending', 'key-202611-00000002', '2026-11-15T00:00:00.000Z', null),
  retired: makeKey('retired', 'key-202608-00000003', '2026-08-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'),
  compromised: makeKey('compromised', 'key-202607-00000004', '2026-07-01T00:00:00.000Z', null),
  unlisted: makeKey('unlisted', 'key-202611-00000005', '2026-11-01T00:00:00.000Z', null),
}
export const root = ed25519(1)
export const attacker = ed25519(2)
export const rootJwk = root.publicKey.export({ format: 'jwk' })

export const TRUST_ROOT = {
  type: 'coderisk-trust-root',
  version: 7,
  issued_at: '2026-11-20T00:00:00.000Z',
  expires_at: '2026-12-20T00:00:00.000Z',
  keys: [KEYS.active, KEYS.pending, KEYS.retired, KEYS.compromised].map((key) => key.entry),
  status_lists: ['https://network.example/v1/status-lists/'],
}

function makeKey(name: keyof typeof PRIVATE_KEYS, kid: string, from: string, to: string | null): Key {
  const privateKey = createPrivateKey({ key: Buffer.from(PRIVATE_KEYS[name], 'base64'), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const { kty, n, e } = publicKey.export({ format: 'jwk' })
  const pem = publicKey.export({ format: 'pem', type: 'spki' })
  const state = name === 'unlisted' ? 'active' : name
  const entry = { kid, algorithm: 'RS256', state, valid_from: from, valid_to: to, jwk: { kty, n, e }, pem }
  return { entry, privateKey }
}

/** RFC 8410, of 32 equal bytes. */
export function ed25519(seed: number): { privateKey: KeyObject; publicKey: KeyObject } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/** RFC 8785 for what these vectors hold: texts, integers, short decimals. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`
}

export const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export function certificate(more: Record<string, unknown> = {}): Record<string, unknown> {
  const missing = { passed: false, result: 'not_evaluated', evidence: null }
  return {
    schema_version: '1.0',
    certificate_id: 'CERT-2026-7k3m9q2x4w8t1v6z',
    livemode: true,
    issued_at: ISSUED,
    expires_at: '2026-12-21T00:00:00.000Z',
    ai_tool: 'claude-code-v1.0',
    code_hash: MANIFEST_VECTORS[0]!.sha256,
    code_hash_method: 'sha256-manifest',
    files_changed: ['src/größe.ts', 'src/payment.ts'],
    path_privacy: 'plain',
    change: { files: 2, directories: 1, subsystems: 1, lines_added: 12, lines_deleted: 1, entropy: 0.8113 },
    risk_score: 3,
    risk_level: 'LOW',
    confidence: 0.4,
    explanation: ['missing_evidence: 1.5', 'size: 1'],
    checks_passed: {
      test_coverage: { ...missing, reasons: ['no_coverage_report'], value: null, threshold: 0.7 },
      security_scan: { passed: true, result: 'passed', evidence: 'E3', reasons: ['scope_secrets_only'], issues_found: 0 },
      coupling_analysis: { ...missing, reasons: ['no_history_or_import_graph'], coupling_score: null, threshold: 8 },
      incident_similarity: { ...missing, reasons: ['no_incident_catalogue'], arc_matches: null, max_similarity: null },
    },
    company_id: 'org_7k3m9q2x4w8t1v6z',
    user_id: 'usr_7k3m9q2x4w8t1v6z',
    verification_url: 'https://network.example/certs/CERT-2026-7k3m9q2x4w8t1v6z',
    status_list: { uri: 'https://network.example/v1/status-lists/0', idx: 5 },
    ...more,
  }
}

export function signature(key: Key, members: unknown) {
  const value = sign('sha256', Buffer.from(canonical(members)), key.privateKey).toString('base64')
  return { algorithm: 'RS256', public_key_id: key.entry.kid, value }
}

export const signed = (key: Key, members: Record<string, unknown> = certificate()): Record<string, unknown> => ({
  ...members,
  signature: signature(key, members),
})

export function jws(key: Key, header: Record<string, unknown> = {}, members: unknown = certificate()) {
  const head = encode({ alg: 'RS256', kid: key.entry.kid, ...header })
  const payload = encode(canonical(members))
  const value = sign('sha256', Buffer.from(`${head}.${payload}`), key.privateKey).toString('base64url')
  return { protected: head, payload, signature: value }
}

export function trustRootJws(payload: unknown = TRUST_ROOT, header: Record<string, unknown> = {}, key = root.privateKey) {
  const head = encode({ alg: 'EdDSA', typ: 'coderisk-trust-root+json', ...header })
  const body = encode(payload)
  return { protected: head, payload: body, signature: sign(null, Buffer.from(`${head}.${body}`), key).toString('base64url') }
}
