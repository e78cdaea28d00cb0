/** The closed vocabularies of the wire, free of any library, so that the edge may import them. */

/** `CERT-YYYY-` and 16 characters of Crockford base32: 80 random bits, so that ids cannot be guessed. */
export const CERTIFICATE_ID_PATTERN = /^CERT-\d{4}-[0-9a-hjkmnp-tv-z]{16}$/

export const API_KEY_ID_PATTERN = /^key_[0-9a-hjkmnp-tv-z]{16}$/

/** `ARC-YYYY-` and a number: an entry of the Architectural Risk Catalog that anyone may read. */
export const ARC_ID_PATTERN = /^ARC-\d{4}-\d{3,6}$/
/** An entry that an organisation recorded of an incident of its own. */
export const RECORDED_ARC_ID_PATTERN = /^arc_[0-9a-hjkmnp-tv-z]{16}$/
/** Seen by its owner alone; offered to the network; published by an operator; declined by one. */
export const ARC_STATES = ['private', 'offered', 'published', 'declined'] as const
export type ArcState = (typeof ARC_STATES)[number]

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export const RISK_LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
export const CHECK_RESULTS = ['passed', 'failed', 'not_evaluated'] as const
export const EVIDENCE_LEVELS = ['E0', 'E1', 'E2', 'E3'] as const
export const CERTIFICATE_STATUSES = ['valid', 'revoked', 'expired', 'unknown'] as const

/** RFC 5280 §5.3.1, less `certificateHold` and `removeFromCRL`: revoking code is final. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
  'aACompromise',
] as const

/** The members that are made or change after signing; verifiers ignore them. */
export const UNSIGNED_MEMBERS = ['signature', 'status', 'log', 'blockchain_hash'] as const

/** The media type of an offline bundle, and what its `media_type` says. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.coderisk.bundle+json'

/** Other signed forms of a certificate, by the ending of their URL. */
export const CERTIFICATE_FORMS = { jws: 'jws', sigstore: 'sigstore.json' } as const
export type CertificateForm = keyof typeof CERTIFICATE_FORMS

export type CertificateStatus = (typeof CERTIFICATE_STATUSES)[number]
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number]
export type RiskLevel = (typeof RISK_LEVELS)[number]
export type RevocationReason = (typeof REVOCATION_REASONS)[number]

export const VERDICTS = ['valid', 'invalid', 'indeterminate'] as const
export type VerdictName = (typeof VERDICTS)[number]

/**
 * Where the status of an answer came from: `core` is live (no older than `STATUS_MAX_AGE_MS`);
 * `last_known_shard` is the last one that the edge saw; `signed_status_list` is the newest token of the certificate's
 * status list; `none` means that there was none at all.
 */
export const STATUS_SOURCES = ['core', 'last_known_shard', 'signed_status_list', 'none'] as const
export type StatusSource = (typeof STATUS_SOURCES)[number]

/** What an API key may do. `operator` runs the network: organisations, claims, the books, metrics, revoking anyone's certificate. */
export const SCOPES = [
  'certificates:write',
  'certificates:read',
  'insurance:write',
  'insurance:read',
  'keys:manage',
  'operator',
] as const
export type Scope = (typeof SCOPES)[number]
