import { utf8 } from '../../../core/verify/encoding.ts'
import { certificateText } from '../../../core/verify/present.ts'
import type { CertificateStatus } from '../../../schema/wire/vocabulary.ts'
import { hintedAnchor, noteAnchor } from '../anchor-evidence.ts'
import { type Found, findCertificate, fromMemory, type HeldCertificate } from '../certificates.ts'
import { placeOf } from '../log-evidence.ts'
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
  const { env, waitUntil, now } = edge
  const held = found.certificate
  // A place that nobody has told yet is looked up.
  const wanted = placeOf(held) === undefined
  const decided = decideAtOnce(env, waitUntil, held, now, wanted)
  const { verdict } = decided ?? (await decideNow(env, waitUntil, held, now, wanted))
  noteAnchor(env, waitUntil, held, now)
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
  const wanted = route === 'verify' || placeOf(held) === undefined
  const decision = decideAtOnce(edge.env, edge.waitUntil, held, edge.now, wanted)
  if (decision?.verdict.verdict !== 'valid' || decision.evidence === null) return null
  count('coderisk_edge_certificate_memory_hits_total')
  if (route === 'get') noteAnchor(edge.env, edge.waitUntil, held, edge.now)
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

function servedText(held: HeldCertificate, status: CertificateStatus): string {
  const { signed, signature } = held.record
  return certificateText(signed, signature, status, placeOf(held), hintedAnchor(held))
}

function refuseLookUp(edge: EdgeRequest, { reason }: Found & { ok: false }): Response {
  if (reason === 'rate_limited') return tooManyRequests(edge, 'RATE_LIMIT_MISS')
  return publicProblem(reason === 'unavailable' ? 'core_unavailable' : 'certificate_not_found', edge.id)
}
