import { clean } from '../output.ts'

/** Codes of certificates and verdicts, in words. A code that is newer than this table reads as itself. */
const WORDS: Readonly<Record<string, string>> = {
  no_coverage_report: 'no coverage report was sent',
  coverage_below_threshold: 'coverage is below the threshold',
  scope_secrets_only: 'looks for secrets only so far',
  no_added_lines: 'no line was added, so there was nothing to look at',
  secrets_found: 'secrets found',
  no_history_or_import_graph: 'neither history nor an import graph was sent',
  no_incident_catalogue: 'there is no catalogue of incidents yet',
  size: 'size of the change',
  diffusion: 'spread over files',
  missing_evidence: 'missing evidence',
  security_issues: 'security issues',

  malformed: 'this is not a certificate, or it is damaged',
  test_mode: 'a test certificate: it never counts as real',
  signature_invalid: 'the signature does not fit: something was altered',
  key_unknown: 'the signing key is not in the trust root',
  key_compromised: 'the signing key is compromised',
  key_not_valid_at_issue: 'the signing key was not valid when this was issued',
  trust_root_unavailable: 'the trust root could not be used',
  trust_root_malformed: 'the file is not a trust root',
  trust_root_not_pinned: 'the pinned root key did not sign this trust root',
  trust_root_rolled_back: 'an older trust root than one that was already accepted',
  trust_root_expired: 'the trust root has expired: coderisk trust fetch gets the newest',
  expired: 'the certificate has expired',
  not_yet_valid: 'the certificate is from the future: is the clock right?',
  revoked: 'the certificate is revoked',
  status_stale: 'the last known status is too old to decide',
  status_unavailable: 'whether it was revoked is not known',
  code_hash_missing: 'the certificate names no code to compare with',
  code_hash_mismatch: 'the code is not the code that was certified',
}

const CHECK_TITLES: Readonly<Record<string, string>> = {
  test_coverage: 'Test coverage',
  security_scan: 'Security scan',
  coupling_analysis: 'Coupling',
  incident_similarity: 'Incident similarity',
  signature: 'Signature',
  key_validity: 'Signing key',
  expiry: 'Expiry',
  status: 'Revocation status',
  code: 'Code',
}

/** Who vouches for a check's figures. */
export const EVIDENCE_WORDS: Readonly<Record<string, string>> = {
  E0: 'asserted by the caller',
  E1: 'from a report that was supplied',
  E2: 'from a report bound to a CI identity',
  E3: 'computed from the contents',
}

/** `coverage_below_threshold: 0.61` → `coverage is below the threshold: 0.61`; safe to print. */
export function inWords(code: string): string {
  const [name = '', ...figures] = code.split(': ')
  const words = Object.hasOwn(WORDS, name) ? WORDS[name]! : name.replaceAll('_', ' ')
  return clean([words, ...figures].join(': '))
}

export function checkTitle(name: string): string {
  return clean(Object.hasOwn(CHECK_TITLES, name) ? CHECK_TITLES[name]! : name.replaceAll('_', ' '))
}

/** `2026-12-21T02:48:23.000Z` → `2026-12-21 02:48 UTC`; what is no time is printed as it is. */
export function shortTime(timestamp: string): string {
  const time = new Date(timestamp)
  if (Number.isNaN(time.getTime())) return clean(timestamp)
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
