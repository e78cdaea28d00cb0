/**
 * Plain words for the closed codes of the wire. A code that is not listed is shown as its own words, so that
 * a newer core never leaves an older page with nothing to say.
 */
const REASONS: Record<string, string> = {
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
  none: 'no source could be reached',
}

/** Of checks and of the score, where the code's own words would say too little. */
const CODES: Record<string, string> = {
  size: 'Size of the change',
  diffusion: 'Spread over files',
  missing_evidence: 'Checks without evidence',
  security_issues: 'Security issues',
  no_coverage_report: 'No coverage report was supplied',
  scope_secrets_only: 'Only secrets were searched for',
  no_added_lines: 'No line was added, so there was nothing to search',
  no_history_or_import_graph: 'Neither history nor import graph was supplied',
  no_incident_catalogue: 'There is no catalogue of incidents to compare with',
}

export const reasonWords = (code: string): string => own(REASONS, code) ?? `${codeWords(code)}.`
export const revocationWords = (code: string): string => own(REVOCATIONS, code) ?? codeWords(code)
export const evidenceWords = (level: string): string => own(EVIDENCE, level) ?? level
export const sourceWords = (source: string): string => own(SOURCES, source) ?? codeWords(source)

/** `coverage_below_threshold: 0.61` → `Coverage below threshold (0.61)`. */
export function codeWords(code: string): string {
  const [name = '', ...figures] = String(code).split(':')
  const words = name.trim().replaceAll('_', ' ')
  const sentence = own(CODES, name.trim()) ?? words.charAt(0).toUpperCase() + words.slice(1)
  const figure = figures.join(':').trim()
  return figure === '' ? sentence : `${sentence} (${figure})`
}

function own(table: Record<string, string>, code: string): string | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined
}
