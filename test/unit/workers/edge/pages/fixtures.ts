import type { ArcEntryDocument } from '../../../../../schema/wire/arc.ts'
import type { Certificate } from '../../../../../schema/wire/certificate.ts'
import type { Verification } from '../../../../../schema/wire/verification.ts'
import type { LogListInput } from '../../../../../workers/edge/pages/index.ts'

export const SITE = { baseUrl: 'https://trust.example', carrier: null }
export const ID = 'CERT-2026-7k3m9q2x4w8t1v6z'

/** A certificate as it is served, with every optional member present. */
export function certificate(over: Partial<Certificate> = {}): Certificate {
  return {
    schema_version: '1.0',
    certificate_id: ID,
    livemode: true,
    issued_at: '2026-11-01T10:20:30Z',
    expires_at: '2026-12-01T10:20:30Z',
    ai_tool: 'claude-code-v1.0',
    code_hash: '9f'.repeat(32),
    code_hash_method: 'sha256-manifest',
    files_changed: ['src/charge.ts', 'src/refund.ts'],
    path_privacy: 'plain',
    commit_sha: 'ab'.repeat(20),
    repository: 'https://git.example/payments',
    language: 'TypeScript',
    framework: 'Hono',
    change: { files: 2, directories: 1, subsystems: 1, lines_added: 1412, lines_deleted: 38, entropy: 0.83 },
    change_risk: { model: 'jit-lr-2026.11', probability: 0.2345, percentile: 0.6181, recalibrated: false },
    evidence_sha256: 'e5'.repeat(32),
    risk_score: 3.2,
    risk_level: 'LOW',
    confidence: 0.94,
    explanation: ['change_risk: 1.9', 'a_new_code: 0.4'],
    checks_passed: {
      test_coverage: {
        passed: true,
        result: 'passed',
        evidence: 'E1',
        reasons: [],
        value: 0.78,
        threshold: 0.7,
        project_value: 0.6543,
      },
      security_scan: {
        passed: false,
        result: 'failed',
        evidence: 'E3',
        reasons: ['secrets_found: 2'],
        issues_found: 2,
      },
      coupling_analysis: {
        passed: false,
        result: 'not_evaluated',
        evidence: null,
        reasons: ['no_history_or_import_graph'],
        coupling_score: null,
        threshold: 8,
      },
      incident_similarity: {
        passed: true,
        result: 'passed',
        evidence: 'E2',
        reasons: [],
        arc_matches: ['ARC-2026-001'],
        max_similarity: 0.41,
      },
    },
    company_id: 'org_01k8zq3v5m',
    user_id: 'usr_01k8zq3v5m',
    verification_url: `${SITE.baseUrl}/certs/${ID}`,
    status_list: { uri: `${SITE.baseUrl}/v1/status-lists/0`, idx: 17 },
    signature: { algorithm: 'RS256', public_key_id: 'key-202611-1a2b3c4d', value: 'QUJD'.repeat(171) },
    status: 'valid',
    log: { state: 'pending', leaf_hash: 'cd'.repeat(32) },
    blockchain_hash: '0x789def',
    ...over,
  }
}

const PASSED = { result: 'passed', reason: null } as const

export function verification(over: Partial<Verification> = {}): Verification {
  return {
    certificate_id: ID,
    verdict: 'valid',
    reasons: [],
    status: 'valid',
    issued_at: '2026-11-01T10:20:30Z',
    expires_at: '2026-12-01T10:20:30Z',
    risk_level: 'LOW',
    risk_score: 3.2,
    confidence: 0.94,
    ai_tool: 'claude-code-v1.0',
    verification_url: `${SITE.baseUrl}/certs/${ID}`,
    signature_valid: true,
    status_as_of: '2026-11-20T08:09:10.123Z',
    status_source: 'core',
    revoked_at: null,
    revocation_reason: null,
    checks: {
      signature: PASSED,
      key_validity: PASSED,
      expiry: PASSED,
      status: PASSED,
      log: { result: 'not_evaluated', reason: 'log_not_asked' },
      witnesses: { result: 'not_evaluated', reason: 'log_not_asked' },
    },
    ...over,
  }
}

/** A verification in which one check went wrong. */
export function unsound(
  check: keyof Verification['checks'],
  result: 'failed' | 'indeterminate',
  reason: string,
  over: Partial<Verification> = {},
): Verification {
  const checks = { ...verification().checks, [check]: { result, reason } }
  const verdict = result === 'failed' ? 'invalid' : 'indeterminate'
  return verification({ verdict, reasons: [reason], checks, ...over })
}

/**
 * Elements with the names of their attributes, in order: what a hostile value must not be able to change.
 * Copies of an ornament's line (`use`) do not count; how many there are is part of the figure.
 */
export function structure(html: string): string[] {
  const tags = html.matchAll(/<(\/?[a-z!][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)
  return [...tags]
    .map(([, name = '', attributes = '']) =>
      [name, ...[...attributes.matchAll(/\s([\w:-]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute)].join(
        ' ',
      ),
    )
    .filter((element) => !element.startsWith('use '))
}

/** The text that a reader sees. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
}

/** An entry of the catalogue. */
export function arcEntry(id = 'ARC-2026-001', over: Partial<ArcEntryDocument> = {}): ArcEntryDocument {
  return {
    id,
    title: 'Retry without backoff',
    severity: 'high',
    description: 'Clients that try again at once keep a struggling service down.',
    mitigation: 'Wait longer each time, with jitter, and give up in the end.',
    cwe: ['CWE-400', 'CWE-799'],
    incident_count: 3,
    fingerprints: 41,
    ...over,
  }
}

const LOG_NOW = Date.parse('2026-11-21T19:20:30Z')

/** An entry of the log, as the page gets it. */
export function logEntry(index: number, over: object = {}) {
  const hash = (letter: string) => letter.repeat(56) + index.toString(16).padStart(8, '0')
  const text = JSON.stringify({
    digest: hash('d'),
    subject: hash('5'),
    time: new Date(LOG_NOW - 60_000).toISOString(),
    type: 'certificate.issued',
    ...over,
  })
  return { index, leafHash: hash('f'), text }
}

/** The newest page of a log of 1,000 entries. */
export function logList(over: Partial<LogListInput> = {}): LogListInput {
  return {
    checkpoint: {
      origin: 'trust.example/log',
      size: 1_000,
      root: 'ab'.repeat(32),
      text: 'trust.example/log\n1000\nq6s=\n\n— trust.example/log q6s=\n',
      witnesses: [],
      witnessed: { result: 'not_evaluated', reason: 'no_witnesses_required' },
    },
    entries: Array.from({ length: 25 }, (_, i) => logEntry(975 + i)),
    before: 1_000,
    newest: new Date(LOG_NOW - 60_000).toISOString(),
    now: LOG_NOW,
    ...over,
  }
}
