import { utf8 } from '../../../core/verify/encoding.ts'
import { certificateText } from '../../../core/verify/present.ts'
import type { CertificateStatus } from '../../../schema/wire/vocabulary.ts'
import { type Found, findCertificate, fromMemory, type HeldCertificate } from '../certificates.ts'
import { settlePlace } from '../log-evidence.ts'
import { count } from '../metrics.ts'
import { tooManyRequests } from '../rate-limits.ts'
import type { EdgeRequest } from '../request.ts'
import { encodedJson, json, publicProblem } from '../respond.ts'
import { heldTrustRoot } from '../trust.ts'
import {
  type Decision,
  decideAtOnce,
  decideNow,
  describeVerification,
  undecided,
  verificationOf,
} from '../verification.ts'

/** `GET /v1/trust/certs/{id}`: the certificate as it was signed, with its live status. */
export async function getCertificate(edge: EdgeRequest, id: string): Promise<Response> {
  const found = await find(edge, id)
  if (!found.ok) return refuseLookUp(edge, found)
  const placed = settlePlace(edge.env, edge.waitUntil, found.certificate, edge.now)
  const decided = decideAtOnce(edge.env, edge.waitUntil, found.certificate, edge.now)
  const { verdict } = decided ?? (await decideNow(edge.env, edge.waitUntil, found.certificate, edge.now))
  await placed
  if (verdict.status === 'valid') return encodedJson(validBytes(found.certificate))
  return json(servedText(found.certificate, verdict.status))
}

/** `GET /v1/trust/certs/{id}/verify`: a verdict, always 200 for a certificate that exists. */
export async function verifyCertificate(edge: EdgeRequest, id: string): Promise<Response> {
  const found = await find(edge, id)
  if (!found.ok) {
    if (found.reason !== 'unavailable') return refuseLookUp(edge, found)
    const nothing = undecided(edge.env, edge.now)
    const verification = await describeVerification(edge.env, nothing.examined, nothing)
    return json(JSON.stringify({ ...verification, certificate_id: id }))
  }
  const { examined } = found.certificate
  const decision = await decideNow(edge.env, edge.waitUntil, found.certificate, edge.now)
  return json(JSON.stringify(await describeVerification(edge.env, examined, decision, 'found')))
}

/**
 * The answer to the two hottest routes when everything it needs is in this isolate's memory: nothing is waited for.
 * Null when it is not, or when there is more to say than that the certificate is valid.
 */
export function answerFromMemory(edge: EdgeRequest, id: string, route: 'get' | 'verify'): Response | null {
  const root = heldTrustRoot(edge.now)
  const held = root === undefined ? undefined : fromMemory(id, root)
  if (held === undefined) return null
  const decision = decideAtOnce(edge.env, edge.waitUntil, held, edge.now)
  if (decision?.verdict.verdict !== 'valid' || decision.evidence === null) return null
  count('coderisk_edge_certificate_memory_hits_total')
  const { asOf } = decision.evidence
  return encodedJson(route === 'get' ? validBytes(held) : validVerification(held, decision, asOf))
}

function validBytes(held: HeldCertificate): Uint8Array<ArrayBuffer> {
  held.answers.certificate ??= utf8(servedText(held, 'valid'))
  return held.answers.certificate
}

function validVerification(held: HeldCertificate, decision: Decision, asOf: number): Uint8Array<ArrayBuffer> {
  const known = held.answers.verification
  if (known?.asOf === asOf) return known.bytes
  const bytes = utf8(JSON.stringify(verificationOf(held.examined, decision, 'found', null)))
  held.answers.verification = { asOf, bytes }
  return bytes
}

/** Memory first and without a detour: most look-ups end here. */
export function find(edge: EdgeRequest, id: string): Found | Promise<Found> {
  const root = heldTrustRoot(edge.now)
  const held = root === undefined ? undefined : fromMemory(id, root)
  if (held === undefined) return findCertificate(edge.env, id, edge.client, edge.now)
  count('coderisk_edge_certificate_memory_hits_total')
  return { ok: true, certificate: held }
}

function servedText({ record, place, anchored }: HeldCertificate, status: CertificateStatus): string {
  return certificateText(record.signed, record.signature, status, place, anchored?.transactionHash)
}

function refuseLookUp(edge: EdgeRequest, { reason }: Found & { ok: false }): Response {
  if (reason === 'rate_limited') return tooManyRequests(edge, 'RATE_LIMIT_MISS')
  return publicProblem(reason === 'unavailable' ? 'core_unavailable' : 'certificate_not_found', edge.id)
}
