import { describe, expect, test } from 'vitest'
import { PROBLEMS, type ProblemCode, problemDocument } from '../../../../schema/wire/problems.ts'

const CODES = Object.keys(PROBLEMS) as ProblemCode[]

/** Clients branch on these: a code may be added here, never changed or taken away. */
const PROMISED: Readonly<Record<ProblemCode, number>> = {
  invalid_json: 400,
  json_too_deep: 400,
  invalid_encoding: 400,
  invalid_cursor: 400,
  invalid_idempotency_key: 400,
  authentication_required: 401,
  api_key_invalid: 401,
  api_key_revoked: 401,
  webhook_signature_invalid: 401,
  webhook_time_invalid: 401,
  scope_missing: 403,
  live_key_required: 403,
  own_claim: 403,
  certificate_not_found: 404,
  api_key_not_found: 404,
  signing_key_not_found: 404,
  arc_entry_not_found: 404,
  log_entry_not_found: 404,
  log_tile_not_found: 404,
  status_list_not_found: 404,
  policy_not_found: 404,
  claim_not_found: 404,
  incident_not_found: 404,
  integration_not_found: 404,
  webhook_endpoint_not_found: 404,
  webhook_delivery_not_found: 404,
  invoice_not_found: 404,
  organisation_not_found: 404,
  review_not_found: 404,
  route_not_found: 404,
  method_not_allowed: 405,
  certificate_already_revoked: 409,
  signing_key_already_compromised: 409,
  arc_entry_not_offered: 409,
  binding_halted: 409,
  binding_restricted: 409,
  customer_cap_reached: 409,
  daily_cap_reached: 409,
  policy_state_conflict: 409,
  policy_has_claim: 409,
  claim_state_conflict: 409,
  claim_already_filed: 409,
  second_person_required: 409,
  breaker_state_conflict: 409,
  breaker_condition_persists: 409,
  service_in_use: 409,
  webhook_endpoint_disabled: 409,
  invoice_state_conflict: 409,
  billing_portal_unavailable: 409,
  request_in_progress: 409,
  certificate_revoked: 410,
  certificate_invalid: 410,
  body_too_large: 413,
  too_many_files: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  idempotency_key_reused: 422,
  not_insurable: 422,
  claim_not_eligible: 422,
  webhook_url_rejected: 422,
  trust_root_rejected: 422,
  evidence_unreadable: 422,
  ci_identity_rejected: 422,
  rate_limited: 429,
  internal_error: 500,
  database_unavailable: 503,
  ci_issuer_unavailable: 503,
  payment_provider_unavailable: 503,
  core_unavailable: 503,
  log_unavailable: 503,
  status_list_unavailable: 503,
  signing_unavailable: 503,
}

test('each code has the status that was promised', () => {
  expect(Object.fromEntries(CODES.map((code) => [code, PROBLEMS[code].status]))).toEqual(PROMISED)
})

test.each(CODES)('%s: a code in snake case, an error status, and a title of its own', (code) => {
  const { status, title } = PROBLEMS[code]
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(600)
  expect(title).toMatch(/^[A-Z].*[^.]$/)
  expect(CODES.filter((other) => PROBLEMS[other].title === title)).toEqual([code])
})

test('only what may be tried again as it is has a status that says so', () => {
  const again = CODES.filter((code) => PROBLEMS[code].status >= 500 || PROBLEMS[code].status === 429)
  expect(again.sort()).toEqual([
    'ci_issuer_unavailable',
    'core_unavailable',
    'database_unavailable',
    'internal_error',
    'log_unavailable',
    'payment_provider_unavailable',
    'rate_limited',
    'signing_unavailable',
    'status_list_unavailable',
  ])
})

describe('the document (RFC 9457)', () => {
  test('has what the table says, and the id of the request', () => {
    expect(problemDocument('invalid_cursor', 'req-1')).toEqual({
      type: 'https://coderisk.com/problems/invalid_cursor',
      title: PROBLEMS.invalid_cursor.title,
      status: 400,
      code: 'invalid_cursor',
      request_id: 'req-1',
    })
  })

  test('has a detail and errors if there are any', () => {
    const errors = [{ path: 'files[0].path', message: 'must be relative' }]
    expect(problemDocument('invalid_input', 'r', { detail: 'd', errors })).toMatchObject({
      detail: 'd',
      errors,
    })
    expect(
      problemDocument('invalid_input', 'r', { detail: undefined, errors: undefined }),
    ).not.toHaveProperty('detail')
  })
})
