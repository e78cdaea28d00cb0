/**
 * Every refusal that the API can give: one stable code, its HTTP status and its title (RFC 9457).
 *
 * A code never changes its meaning and is never removed while `/v1` lives; clients branch on it.
 * Anything that is not in this table is a bug and leaves as a bare 500.
 */
export const PROBLEMS = {
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  json_too_deep: { status: 400, title: 'The JSON is nested too deeply' },
  invalid_encoding: { status: 400, title: 'The body is not valid UTF-8' },
  invalid_cursor: { status: 400, title: 'The cursor is not one that this API gave' },
  invalid_idempotency_key: { status: 400, title: 'The Idempotency-Key header is malformed' },
  authentication_required: { status: 401, title: 'An API key is required' },
  api_key_invalid: { status: 401, title: 'The API key is not known' },
  api_key_revoked: { status: 401, title: 'The API key has been revoked' },
  webhook_signature_invalid: {
    status: 401,
    title: 'The webhook is not signed with the secret of this endpoint',
  },
  webhook_time_invalid: { status: 401, title: 'The webhook is too old, or from the future' },
  scope_missing: { status: 403, title: 'The API key lacks the scope that this needs' },
  live_key_required: { status: 403, title: 'This needs a live API key' },
  own_claim: { status: 403, title: 'Nobody decides on a claim of their own organisation' },
  certificate_not_found: { status: 404, title: 'No such certificate' },
  api_key_not_found: { status: 404, title: 'No such API key' },
  signing_key_not_found: { status: 404, title: 'No such signing key' },
  arc_entry_not_found: { status: 404, title: 'No such entry of the Architectural Risk Catalog' },
  log_entry_not_found: { status: 404, title: 'No such entry in the transparency log' },
  log_tile_not_found: { status: 404, title: 'No such tile or entry bundle of the transparency log' },
  status_list_not_found: { status: 404, title: 'No such status list' },
  policy_not_found: { status: 404, title: 'No such policy' },
  claim_not_found: { status: 404, title: 'No such claim' },
  incident_not_found: { status: 404, title: 'No such incident' },
  integration_not_found: { status: 404, title: 'No such integration' },
  webhook_endpoint_not_found: { status: 404, title: 'No such webhook endpoint' },
  webhook_delivery_not_found: { status: 404, title: 'No such webhook delivery' },
  invoice_not_found: { status: 404, title: 'No such invoice' },
  organisation_not_found: { status: 404, title: 'No such organisation' },
  review_not_found: { status: 404, title: 'No actuarial review of that month' },
  route_not_found: { status: 404, title: 'No such route' },
  method_not_allowed: { status: 405, title: 'This route does not take that method' },
  certificate_already_revoked: { status: 409, title: 'The certificate is already revoked' },
  signing_key_already_compromised: { status: 409, title: 'The signing key is already compromised' },
  arc_entry_not_offered: {
    status: 409,
    title: 'The entry has not been offered for publication, or is decided already',
  },
  binding_halted: { status: 409, title: 'No cover is being bound at present; claims go on' },
  binding_restricted: { status: 409, title: 'Only low risk is being bound at present; claims go on' },
  customer_cap_reached: { status: 409, title: 'This would pass the cap on the coverage of one customer' },
  daily_cap_reached: { status: 409, title: 'This would pass the cap on the coverage bound in a day' },
  policy_state_conflict: { status: 409, title: 'The policy is in a state that does not allow this' },
  policy_has_claim: { status: 409, title: 'The policy has a claim' },
  claim_state_conflict: { status: 409, title: 'The claim is in a state that does not allow this' },
  claim_already_filed: { status: 409, title: 'There is a claim on this policy for this incident' },
  second_person_required: { status: 409, title: 'Another person has to decide this as well' },
  breaker_state_conflict: { status: 409, title: 'The circuit breaker is open for business already' },
  breaker_condition_persists: { status: 409, title: 'What tripped the circuit breaker still holds' },
  service_in_use: { status: 409, title: 'A policy that is on risk names the service' },
  webhook_endpoint_disabled: { status: 409, title: 'The webhook endpoint is disabled' },
  invoice_state_conflict: { status: 409, title: 'The invoice is in a state that does not allow this' },
  billing_portal_unavailable: { status: 409, title: 'This network has no billing portal' },
  request_in_progress: { status: 409, title: 'A request with this Idempotency-Key is in progress' },
  certificate_revoked: { status: 410, title: 'The certificate is revoked' },
  certificate_invalid: { status: 410, title: 'The certificate does not hold any more' },
  body_too_large: { status: 413, title: 'The body is too large' },
  too_many_files: { status: 413, title: 'Too many files' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used with another body',
  },
  not_insurable: { status: 422, title: 'The certificate cannot be insured on these terms' },
  claim_not_eligible: { status: 422, title: 'The incident is not covered by the policy' },
  webhook_url_rejected: { status: 422, title: 'Webhooks are not sent to that address' },
  trust_root_rejected: { status: 422, title: 'The trust root is not accepted' },
  evidence_unreadable: { status: 422, title: 'A report of the evidence cannot be read' },
  ci_identity_rejected: { status: 422, title: 'The CI identity token does not hold for this evidence' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  database_unavailable: {
    status: 503,
    title: 'The database is not answering; try again with the same Idempotency-Key',
  },
  ci_issuer_unavailable: {
    status: 503,
    title: 'The issuer of the CI identity is not answering; try again, or send no token',
  },
  payment_provider_unavailable: { status: 503, title: 'The payment provider is not answering; try again' },
  core_unavailable: { status: 503, title: 'The core is not answering' },
  log_unavailable: { status: 503, title: 'The transparency log cannot be read, or does not verify' },
  status_list_unavailable: { status: 503, title: 'The status list cannot be read, or does not verify' },
  signing_unavailable: { status: 503, title: 'No signing key is active; nothing was issued' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof PROBLEMS

/** One fault of the input: where it is (`files[0].path`) and what is wrong with it, in words. */
export interface InputError {
  readonly path: string
  readonly message: string
}

/** The body of every error answer, `application/problem+json` (RFC 9457 with our extensions). */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly request_id: string
  readonly detail?: string
  readonly errors?: readonly InputError[]
  /** Of `not_insurable` and `claim_not_eligible`: a code for each reason. */
  readonly reasons?: readonly string[]
  /** Of `not_insurable`: the cheapest tier that would accept it. */
  readonly accepting_tier?: string
}

/** What a refusal may say beyond its code. */
export interface ProblemDetails {
  readonly detail?: string | undefined
  readonly errors?: readonly InputError[] | undefined
  readonly reasons?: readonly string[] | undefined
  readonly accepting_tier?: string | undefined
}

/** Builds the body for `code`; `detail` may say more, never a secret and never another tenant's data. */
export function problemDocument(
  code: ProblemCode,
  requestId: string,
  more: ProblemDetails = {},
): ProblemDocument {
  return {
    type: `https://coderisk.com/problems/${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    request_id: requestId,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    ...(more.errors === undefined ? {} : { errors: more.errors }),
    ...(more.reasons === undefined ? {} : { reasons: more.reasons }),
    ...(more.accepting_tier === undefined ? {} : { accepting_tier: more.accepting_tier }),
  }
}
