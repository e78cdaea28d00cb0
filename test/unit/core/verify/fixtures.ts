import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { FlattenedSign } from 'jose'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import type { TrustRoot, TrustRootKey } from '../../../../core/verify/trust-root.ts'
import type { Certificate, SignedCertificate } from '../../../../schema/wire/certificate.ts'

/** A signing key made for one test file, with its entry in a trust root. */
export interface TestKey {
  readonly privateKey: KeyObject
  readonly entry: TrustRootKey
}

export const ISSUED_AT = '2026-11-21T00:00:00.000Z'
export const EXPIRES_AT = '2026-12-21T00:00:00.000Z'

export function makeKey(more: Partial<TrustRootKey> = {}, modulusLength = 4096): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  const { n, e } = publicKey.export({ format: 'jwk' }) as { n: string; e: string }
  return {
    privateKey,
    entry: {
      kid: 'key-202611-0a1b2c3d',
      algorithm: 'RS256',
      state: 'active',
      valid_from: '2026-11-01T00:00:00.000Z',
      valid_to: null,
      jwk: { kty: 'RSA', n, e },
      pem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
      ...more,
    },
  }
}

export function makeTrustRoot(...keys: readonly TrustRootKey[]): TrustRoot {
  return {
    type: 'coderisk-trust-root',
    version: 7,
    issued_at: '2026-11-20T00:00:00.000Z',
    expires_at: '2026-12-20T00:00:00.000Z',
    keys,
    status_lists: ['https://network.example/v1/status-lists/'],
  }
}

export function makeCertificate(more: Partial<Record<string, unknown>> = {}): SignedCertificate {
  const missing = { passed: false, result: 'not_evaluated', evidence: null, reasons: [] } as const
  const certificate: SignedCertificate = {
    schema_version: '1.0',
    certificate_id: 'CERT-2026-7k3m9q2x4w8t1v6z',
    livemode: true,
    issued_at: ISSUED_AT,
    expires_at: EXPIRES_AT,
    ai_tool: 'claude-code-v1.0',
    code_hash: '8d74beec1be996322ad76813bafb92d40839895d6dd7ee808b17ca201eac98be',
    code_hash_method: 'sha256-manifest',
    files_changed: ['src/größe.ts', 'src/payment.ts'],
    path_privacy: 'plain',
    change: { files: 2, directories: 1, subsystems: 1, lines_added: 12, lines_deleted: 1, entropy: 0.8113 },
    risk_score: 3,
    risk_level: 'LOW',
    confidence: 0.4,
    explanation: ['missing_evidence: 1.5', 'size: 1'],
    checks_passed: {
      test_coverage: { ...missing, reasons: [], value: null, threshold: 0.7 },
      security_scan: { passed: true, result: 'passed', evidence: 'E3', reasons: [], issues_found: 0 },
      coupling_analysis: { ...missing, reasons: [], coupling_score: null, threshold: 8 },
      incident_similarity: { ...missing, reasons: [], arc_matches: null, max_similarity: null },
    },
    company_id: 'org_7k3m9q2x4w8t1v6z',
    user_id: 'usr_7k3m9q2x4w8t1v6z',
    verification_url: 'https://network.example/certs/CERT-2026-7k3m9q2x4w8t1v6z',
    status_list: { uri: 'https://network.example/v1/status-lists/0', idx: 5 },
  }
  return { ...certificate, ...more } as SignedCertificate
}

/** RS256 over the canonical text, made with Node's own OpenSSL and not with the code that is tested. */
export function signCertificate(key: TestKey, certificate: object): Certificate['signature'] {
  const value = sign('sha256', Buffer.from(canonicalText(certificate)), key.privateKey).toString('base64')
  return { algorithm: 'RS256', public_key_id: key.entry.kid, value }
}

export function signedJson(key: TestKey, certificate: object = makeCertificate()): Record<string, unknown> {
  return { ...certificate, signature: signCertificate(key, certificate) }
}

export async function signedJws(
  key: TestKey,
  payload: string = canonicalText(makeCertificate()),
  header: Record<string, unknown> = {},
): Promise<{ protected: string; payload: string; signature: string }> {
  const jws = await new FlattenedSign(Buffer.from(payload))
    .setProtectedHeader({ alg: 'RS256', kid: key.entry.kid, ...header })
    .sign(key.privateKey)
  return { protected: jws.protected!, payload: jws.payload, signature: jws.signature }
}
