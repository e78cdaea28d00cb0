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
  scope_missing: { status: 403, title: 'The API key lacks the scope that this needs' },
  certificate_not_found: { status: 404, title: 'No such certificate' },
  api_key_not_found: { status: 404, title: 'No such API key' },
  signing_key_not_found: { status: 404, title: 'No such signing key' },
  arc_entry_not_found: { status: 404, title: 'No such entry of the Architectural Risk Catalog' },
  log_entry_not_found: { status: 404, title: 'No such entry in the transparency log' },
  log_tile_not_found: { status: 404, title: 'No such tile or entry bundle of the transparency log' },
  status_list_not_found: { status: 404, title: 'No such status list' },
  route_not_found: { status: 404, title: 'No such route' },
  method_not_allowed: { status: 405, title: 'This route does not take that method' },
  certificate_already_revoked: { status: 409, title: 'The certificate is already revoked' },
  signing_key_already_compromised: { status: 409, title: 'The signing key is already compromised' },
  arc_entry_not_offered: {
    status: 409,
    title: 'The entry has not been offered for publication, or is decided already',
  },
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
}

/** Builds the body for `code`; `detail` may say more, never a secret and never another tenant's data. */
export function problemDocument(
  code: ProblemCode,
  requestId: string,
  more: { detail?: string | undefined; errors?: readonly InputError[] | undefined } = {},
): ProblemDocument {
  return {
    type: `https://coderisk.com/problems/${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    request_id: requestId,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    ...(more.errors === undefined ? {} : { errors: more.errors }),
  }
}
