/**
 * Plain words for the closed codes of the wire. A code that is not listed is shown as its own words, so that
 * a newer core never leaves an older page with nothing to say.
 */
const LIVE_REASONS: Record<string, string> = {
  malformed: 'The record is not a certificate of this network.',
  test_mode: 'It was issued in test mode. Test certificates never count as real.',
  signature_invalid: 'The signature does not match the content: something was changed after signing.',
  key_unknown: 'The key that signed it is not one that this network publishes.',
  key_compromised: 'The key that signed it is known to be compromised.',
  key_not_valid_at_issue: 'The key that signed it was not in force when it was issued.',
  trust_root_unavailable: 'The list of signing keys could not be read, so the signature was not checked.',
  expired: 'Its period has ended.',
  not_yet_valid: 'Its time of issue lies in the future.',
  revoked: 'It has been withdrawn.',
  status_stale: 'What is known of revocation is too old to rely on.',
  status_unavailable: 'Nothing could be learnt about revocation just now.',
}

/** Of bundles, proofs and code: what a live answer on a certificate does not give. */
const OTHER_REASONS: Record<string, string> = {
  jws_mismatch: 'Its two signed forms are not the same certificate.',
  trust_root_malformed: 'The list of keys that came with it is damaged.',
  trust_root_not_pinned:
    'The network did not sign the list of keys that came with it: it vouches for itself.',
  trust_root_rolled_back: 'The list of keys that came with it is older than one that was accepted before.',
  trust_root_expired: 'The list of keys that came with it is past its time.',
  status_token_invalid: 'The status list is damaged, or by no key of the network.',
  status_list_mismatch: 'The status list is not the one that the certificate names.',
  status_index_out_of_range: 'The status list has no place for this certificate.',
  log_proof_invalid: 'The proof does not show that the log has this certificate.',
  log_proof_missing: 'No proof from the log came with it.',
  log_unknown: 'The list of keys names no log.',
  log_not_asked: 'This answer did not look into the log.',
  no_witnesses_required: 'The network asks for no witnesses.',
  witness_quorum_missing: 'Fewer witnesses have seen the log than the network asks for.',
  code_hash_mismatch: 'The code is not the code that was certified.',
  code_hash_missing: 'The certificate names no code to compare with.',
  code_files_missing: 'The code is not what was certified: files that the certificate names are missing.',
}

const REVOCATIONS: Record<string, string> = {
  unspecified: 'no reason was given',
  keyCompromise: 'a key was compromised',
  cACompromise: 'the issuer was compromised',
  affiliationChanged: 'the code changed hands',
  superseded: 'a newer certificate replaces it',
  cessationOfOperation: 'the code is no longer in use',
  privilegeWithdrawn: 'the right to hold it was withdrawn',
  aACompromise: 'the authority behind its attributes was compromised',
}

const EVIDENCE: Record<string, string> = {
  E0: 'asserted by the caller, not checked',
  E1: 'taken from a report that was supplied, whose hash is kept',
  E2: 'taken from a report bound to the identity of a CI run',
  E3: 'computed by the network from the code itself',
}

const SOURCES: Record<string, string> = {
  core: 'live from the network',
  last_known_shard: 'from the last answer that this location had; the network could not be asked',
  signed_status_list: 'from the last list that the network signed',
  none: 'no source could be reached',
}

/** Of checks, where the code's own words would say too little. */
const CODES: Record<string, string> = {
  no_coverage_report: 'No coverage report was supplied',
  report_of_another_commit: 'The coverage report is of another commit',
  report_without_changed_files: 'Changed files that no coverage report knows',
  report_does_not_fit_contents: 'The coverage report is of other contents',
  no_changed_executable_lines: 'No changed line can be executed, so there was nothing to cover',
  coverage_below_threshold: 'Below the target',
  test_files_not_counted: 'Test files, which are not counted',
  declarations_not_counted: 'Files of declarations, which are not counted',
  contents_not_sent: 'Source files of the change that were not sent',
  scope_secrets_only: 'Only secrets were searched for',
  no_added_lines: 'No line was added, so there was nothing to search',
  secrets_found: 'Secrets',
  critical_findings: 'Critical findings',
  high_findings: 'Grave findings',
  medium_findings: 'Medium findings',
  low_findings: 'Slight findings',
  rules_not_for_language: 'Files in a language that there are no rules for',
  sarif_without_successful_run: 'SARIF reports that do not say that their scan ended well',
  no_history_or_import_graph: 'Neither history nor import graph was supplied',
  no_history: 'No history was supplied',
  too_little_history: 'The history is too short to tell',
  no_import_graph: 'No import graph was supplied',
  coupling_above_threshold: 'Above what is acceptable',
  no_code_to_compare: 'The change has no code that could be compared',
  arc_matches: 'Patterns of the catalogue that the code is like',
  private_matches: 'Incidents of the owner’s own that the code is like',
  budget: 'The change was too large or too deeply nested to look at all of it',
  no_incident_catalogue: 'There was no catalogue of incidents to compare with',
}

/** Of the score: what each part of it is. */
const CONTRIBUTIONS: Record<string, string> = {
  change_risk: 'Size, spread and purpose of the change',
  security_findings: 'Findings of the security scan',
  reported_findings: 'Further findings of the reports supplied',
  uncovered_changes: 'Changed lines that no test covers',
  change_coupling: 'Files that usually change together with these',
  dependencies: 'How the changed files depend on each other',
  incident_similarity: 'Likeness to known incidents',
  not_scanned: 'Code that was too much to scan, or was not sent',
  not_compared: 'Code that was too much to compare with incidents, or was not sent',
  missing_static_analysis: 'No report of a static analysis',
  missing_coverage: 'No coverage report for these lines',
  missing_history: 'No history of which files change together',
  missing_import_graph: 'Nothing was told of the files around the change',
  size: 'Size of the change',
  diffusion: 'Spread over files',
  missing_evidence: 'Checks without evidence',
  security_issues: 'Security issues',
}

/** Of the transparency log: what an entry records. */
const EVENTS: Record<string, string> = {
  'api_key.created': 'API key created',
  'api_key.revoked': 'API key revoked',
  'arc.published': 'Catalogue entry published',
  'key.created': 'Signing key created',
  'key.activated': 'Signing key activated',
  'key.retired': 'Signing key retired',
  'key.compromised': 'Signing key compromised',
  'network.restored': 'Network restored from a backup',
}

/** Codes of checks have their own table, which the pages' scripts have no use for: a reason is never one of them. */
export const reasonWords = (code: string): string => own(OTHER_REASONS, code) ?? liveReasonWords(code)
/** The same where only reasons of live answers come: it spares a page's script the rest of the words. */
export const liveReasonWords = (code: string): string => own(LIVE_REASONS, code) ?? `${plainWords(code)}.`
export const revocationWords = (code: string): string => own(REVOCATIONS, code) ?? plainWords(code)
export const evidenceWords = (level: string): string => own(EVIDENCE, level) ?? level
export const sourceWords = (source: string): string => own(SOURCES, source) ?? plainWords(source)

export const eventWords = (type: string): string => own(EVENTS, type) ?? plainWords(type.replaceAll('.', ' '))

export const contributionWords = (code: string): string => own(CONTRIBUTIONS, code) ?? codeWords(code)

/** `coverage_below_threshold: 0.61` → `Below the target (0.61)`. */
export function codeWords(code: string): string {
  const [name = '', ...figures] = String(code).split(':')
  const sentence = own(CODES, name.trim()) ?? plainWords(name.trim())
  const figure = figures.join(':').trim()
  return figure === '' ? sentence : `${sentence} (${figure})`
}

/** `some_newer_code` → `Some newer code`. */
function plainWords(code: string): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function own(table: Record<string, string>, code: string): string | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined
}
