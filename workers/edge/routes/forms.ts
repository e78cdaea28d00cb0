import type { ProblemCode } from '../../../schema/wire/problems.ts'
import {
  BUNDLE_MEDIA_TYPE,
  type CertificateForm,
  type CertificateStatus,
} from '../../../schema/wire/vocabulary.ts'
import { keptBundle, makeBundle } from '../bundle.ts'
import type { HeldCertificate } from '../certificates.ts'
import { signedForm } from '../forms.ts'
import { proveCertificate } from '../log/certificate.ts'
import { tooManyRequests } from '../rate-limits.ts'
import type { EdgeRequest } from '../request.ts'
import { PUBLIC_CORS, publicProblem } from '../respond.ts'
import { findStatusToken } from '../signed-status.ts'
import { trustRoot } from '../trust.ts'
import { type Decision, decideNow } from '../verification.ts'
import { find } from './certificates.ts'

const MEDIA_TYPES: Readonly<Record<CertificateForm, string>> = {
  jws: 'application/jose+json',
  sigstore: 'application/json',
}

/** `GET /v1/trust/certs/{id}.jws` and `….sigstore.json`: the certificate in another signed form. */
export async function getForm(edge: EdgeRequest, id: string, form: CertificateForm): Promise<Response> {
  const standing = await findStanding(edge, id)
  if (standing instanceof Response) return standing
  const found = await signedForm(edge.env, standing.certificate, form, edge.client, edge.now)
  return found.ok ? answer(found.text, MEDIA_TYPES[form]) : refuse(edge, found.code)
}

/** `GET /v1/trust/certs/{id}.tlog-proof`: that the log has the certificate's issue (c2sp.org/tlog-proof). */
export async function getLogProof(edge: EdgeRequest, id: string): Promise<Response> {
  const standing = await findStanding(edge, id)
  if (standing instanceof Response) return standing
  const proof = await proveCertificate(edge.env, standing.certificate, edge.client, edge.now)
  return proof.ok ? answer(proof.text, 'text/plain; charset=utf-8') : refuse(edge, proof.code)
}

/** `GET /v1/trust/certs/{id}/bundle`: everything that verifying it offline takes. */
export async function getBundle(edge: EdgeRequest, id: string): Promise<Response> {
  const standing = await findStanding(edge, id)
  if (standing instanceof Response) return standing
  const { certificate, status } = standing
  const { env, client, now } = edge
  const list = certificate.status?.list
  const [root, token, jws] = await Promise.all([
    trustRoot(env, now),
    list === undefined ? null : findStatusToken(env, list, now),
    signedForm(env, certificate, 'jws', client, now),
  ])
  if (root === null) return refuse(edge, 'core_unavailable')
  if (!token?.ok) return refuse(edge, 'status_list_unavailable')
  if (!jws.ok) return refuse(edge, jws.code)
  const parts = { certificate, status, trustRoot: root.jws, statusList: token.held.text, jws: jws.text }
  const kept = keptBundle(parts)
  if (kept !== null) return answerBundle(id, kept)
  const proof = await proveCertificate(env, certificate, client, now)
  return proof.ok ? answerBundle(id, makeBundle(parts, proof)) : refuse(edge, proof.code)
}

interface Standing {
  readonly certificate: HeldCertificate
  readonly status: CertificateStatus
}

/**
 * A live certificate that is known not to be revoked, and whose key holds. Who takes one of its forms away may never ask
 * for its status, so without any knowledge of that it is refused too. A form is signed by another key than the certificate:
 * it must not give back to one what it has lost with its own.
 */
async function findStanding(edge: EdgeRequest, id: string): Promise<Standing | Response> {
  const found = await find(edge, id)
  if (!found.ok) return refuse(edge, LOOK_UP_CODES[found.reason])
  const { certificate } = found
  const { examined } = certificate
  if (examined.certificate?.livemode !== true) return refuse(edge, 'certificate_not_found')
  if (examined.signature.result !== 'passed') return refuse(edge, 'core_unavailable')
  const { verdict } = await decideNow(edge.env, edge.waitUntil, certificate, edge.now)
  if (verdict.status === 'revoked') return refuse(edge, 'certificate_revoked')
  if (verdict.checks.status.result !== 'passed') return refuse(edge, 'core_unavailable')
  if (verdict.checks.key_validity.result !== 'passed') return refuseKey(edge, certificate, verdict)
  return { certificate, status: verdict.status }
}

/** Where the log could make up for the key, and cannot be read, nothing is said for good. */
function refuseKey(
  edge: EdgeRequest,
  { examined }: HeldCertificate,
  { checks }: Decision['verdict'],
): Response {
  const mayHold = examined.loggedBelow !== null && checks.log.result !== 'passed'
  if (mayHold) return publicProblem('log_unavailable', edge.id)
  return publicProblem('certificate_invalid', edge.id, { detail: checks.key_validity.reason ?? '' })
}

const LOOK_UP_CODES = {
  not_found: 'certificate_not_found',
  rate_limited: 'rate_limited',
  unavailable: 'core_unavailable',
} as const

function refuse(edge: EdgeRequest, code: ProblemCode): Response {
  if (code === 'rate_limited') return tooManyRequests(edge, 'RATE_LIMIT_MISS')
  if (code !== 'log_entry_not_found') return publicProblem(code, edge.id)
  const detail = 'The entry is pending: it is in the log within seconds.'
  return publicProblem(code, edge.id, { detail, headers: { 'retry-after': '1' } })
}

function answerBundle(id: string, text: string): Response {
  const response = answer(text, BUNDLE_MEDIA_TYPE)
  response.headers.set('content-disposition', `attachment; filename="${id}.bundle.json"`)
  return response
}

/** Asked for again each time: a revoked certificate has none. */
function answer(text: string, type: string): Response {
  return new Response(text, {
    headers: { 'content-type': type, 'cache-control': 'no-cache', ...PUBLIC_CORS },
  })
}
