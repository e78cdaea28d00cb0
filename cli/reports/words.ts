import { clean } from '../output.ts'

/** Codes of certificates and verdicts, in words. A code that is newer than this table reads as itself. */
const WORDS: Readonly<Record<string, string>> = {
  no_coverage_report: 'no coverage report was sent',
  report_of_another_commit: 'the coverage report is of another commit',
  report_without_changed_files: 'changed files that no coverage report knows',
  report_does_not_fit_contents: 'the coverage report is of other contents',
  no_changed_executable_lines: 'no changed line can be executed, so there was nothing to cover',
  coverage_below_threshold: 'coverage is below the threshold',
  contents_not_sent: 'changed source files that were not sent',
  scope_secrets_only: 'looks for secrets only so far',
  no_added_lines: 'no line was added, so there was nothing to look at',
  secrets_found: 'secrets were found',
  rules_not_for_language: 'files in a language that there are no rules for',
  sarif_without_successful_run: 'a SARIF report does not say that its scan ended well',
  no_history_or_import_graph: 'neither history nor an import graph was sent',
  no_history: 'no history was sent',
  no_import_graph: 'no import graph could be made',
  too_little_history: 'the history is too short to tell',
  coupling_above_threshold: 'coupling is above the threshold',
  no_code_to_compare: 'the change has no code that can be compared',
  arc_matches: 'entries of the catalogue that the change resembles',
  private_matches: 'your own confirmed incidents that the change resembles',
  budget: 'too large or too deeply nested to look at all of it',
  no_incident_catalogue: 'there is no catalogue of incidents yet',
  test_files_not_counted: 'test files, which need no coverage',
  declarations_not_counted: 'files of declarations, which need no coverage',
  change_risk: 'size, spread and purpose of the change',
  dependencies: 'how the changed files depend on each other',
  incident_similarity: 'likeness to known incidents',
  not_scanned: 'no scan of the code',
  security_findings: 'what the scan found',
  missing_static_analysis: 'no SARIF report',
  reported_findings: 'what the SARIF reports found',
  missing_coverage: 'no usable coverage report',
  uncovered_changes: 'changed lines that no test runs',
  missing_history: 'no usable history',
  change_coupling: 'files that usually change together with others',
  missing_import_graph: 'no import graph',
  not_compared: 'no comparison with known incidents',
  size: 'size of the change',
  diffusion: 'spread over files',
  missing_evidence: 'missing evidence',
  security_issues: 'security issues',

  malformed: 'this is not a certificate, or it is damaged',
  test_mode: 'a test certificate: it never counts as real',
  signature_invalid: 'the signature does not fit: something was altered',
  jws_mismatch: 'its two signed forms are not the same certificate',
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
  status_token_invalid: 'the signed status list is damaged, or by no key of the network',
  status_list_mismatch: 'the signed status list is not the one that the certificate names',
  status_index_out_of_range: 'the status list has no place for this certificate',
  log_proof_invalid: 'the proof does not show that the log has this certificate',
  log_proof_missing: 'no proof from the transparency log was given',
  log_unknown: 'the trust root names no transparency log',
  log_not_asked: 'the transparency log was not looked into',
  no_witnesses_required: 'no witnesses are asked for',
  witness_quorum_missing: 'fewer witnesses have seen the log than are asked for',
  code_files_missing: 'certified files that were not given',
  signed_status_list: 'from the signed status list',
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
  log: 'Transparency log',
  witnesses: 'Witnesses',
  code_hash: 'Code',
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

/** Rounded down, so that what is below a threshold does not look as if it reached it: `0.6999` → `69.9 %`. */
export function percentReached(fraction: number): string {
  return `${Math.floor(fraction * 1000 + 1e-6) / 10} %`
}

/** `1 file`, `2,000 commits`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`
}

/** `512 bytes`, `84.2 KiB`, `5.0 MiB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1024) return plural(bytes, 'byte')
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`
}

const SPANS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** Rounded down to its largest unit: `3 hours`, `0 seconds`. */
export function timeSpan(ms: number): string {
  for (const [unit, length] of SPANS) if (ms >= length) return plural(Math.floor(ms / length), unit)
  return plural(Math.floor(ms / 1000), 'second')
}
