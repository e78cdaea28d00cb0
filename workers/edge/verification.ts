import { type Examined, indeterminate } from '../../core/verify/examine.ts'
import { decide, type StatusEvidence, type Verdict } from '../../core/verify/verdict.ts'
import type { Verification } from '../../schema/wire/verification.ts'
import type { RevocationReason } from '../../schema/wire/vocabulary.ts'
import { BoundedMap } from './bounded-map.ts'
import { type HeldCertificate, statusPlace } from './certificates.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import { liveStatus, statusEvidence } from './status.ts'

type WaitUntil = (work: Promise<unknown>) => void

interface RevocationDetail {
  readonly revokedAt: string
  readonly reason: RevocationReason
}

const CORE_WAIT_MS = 1_000
const MAX_KNOWN_REVOCATIONS = 10_000
/** Revoking is final, so what is known of it stays true. */
const revocations = new BoundedMap<RevocationDetail>(MAX_KNOWN_REVOCATIONS)

export interface Decision {
  readonly verdict: Verdict
  readonly evidence: StatusEvidence | null
}

/** The verdict on a held certificate at this moment. */
export async function decideNow(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  held: HeldCertificate,
  now: number,
): Promise<Decision> {
  const evidence = await evidenceOf(env, waitUntil, held, now)
  return { evidence, verdict: decide(held.examined, evidence, Date.now(), policy(env)) }
}

async function evidenceOf(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  { revokedNow, status }: HeldCertificate,
  now: number,
): Promise<StatusEvidence | null> {
  const shard = status && statusEvidence(env, waitUntil, status.list, status.index, now)
  if (revokedNow === null) return shard
  // The core has just said it. The list is read all the same: next time it may be all there is.
  if (shard !== null) waitUntil(shard)
  return { revoked: revokedNow, asOf: now, source: 'core' }
}

/** The same without waiting, if live status is already here; else null. */
export function decideAtOnce(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  held: HeldCertificate,
  now: number,
): Decision | null {
  if (held.revokedNow !== null || held.status === null) return null
  const evidence = liveStatus(env, waitUntil, held.status.list, held.status.index, now)
  return evidence === null ? null : { evidence, verdict: decide(held.examined, evidence, now, policy(env)) }
}

/** The verdict on a certificate that somebody showed us; its status is asked for only if its signature holds. */
export async function decideExamined(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  examined: Examined,
  now: number,
): Promise<Decision> {
  const place =
    examined.certificate === null || examined.signature.result !== 'passed'
      ? null
      : statusPlace(examined.certificate.status_list)
  const evidence = place === null ? null : await statusEvidence(env, waitUntil, place.list, place.index, now)
  return { evidence, verdict: decide(examined, evidence, Date.now(), policy(env)) }
}

/** The verdict when the core and KV are both out of reach and nothing is held. */
export function undecided(env: EdgeEnv, now: number): Decision & { readonly examined: Examined } {
  const unknown = indeterminate('trust_root_unavailable')
  const examined: Examined = { certificate: null, signature: unknown, keyValidity: unknown }
  return { examined, evidence: null, verdict: decide(examined, null, now, policy(env)) }
}

/** The answer of the verify routes, with the reason of a revocation if the core can be asked for it. */
export async function describeVerification(
  env: EdgeEnv,
  examined: Examined,
  decision: Decision,
  source: 'shown' | 'found' = 'shown',
): Promise<Verification> {
  const revoked = decision.verdict.status === 'revoked' && examined.certificate !== null
  const revocation = revoked ? await revocationOf(env, examined.certificate.certificate_id) : null
  return verificationOf(examined, decision, source, revocation)
}

/**
 * The answer itself. Of a certificate that somebody showed us, and whose signature does not hold, nothing is
 * repeated but its id; one that was found in the network is described even if it is a test.
 */
export function verificationOf(
  examined: Examined,
  { verdict, evidence }: Decision,
  source: 'shown' | 'found',
  revocation: RevocationDetail | null,
): Verification {
  const { certificate } = examined
  const vouched = source === 'found' || examined.signature.result === 'passed' ? certificate : null
  return {
    certificate_id: certificate?.certificate_id ?? null,
    verdict: verdict.verdict,
    reasons: [...verdict.reasons],
    status: verdict.status,
    status_as_of: evidence === null ? null : new Date(evidence.asOf).toISOString(),
    status_source: evidence?.source ?? 'none',
    issued_at: vouched?.issued_at ?? null,
    expires_at: vouched?.expires_at ?? null,
    risk_level: vouched?.risk_level ?? null,
    risk_score: vouched?.risk_score ?? null,
    confidence: vouched?.confidence ?? null,
    ai_tool: vouched?.ai_tool ?? null,
    verification_url: vouched?.verification_url ?? null,
    signature_valid: examined.signature.result === 'passed',
    revoked_at: revocation?.revokedAt ?? null,
    revocation_reason: revocation?.reason ?? null,
    checks: verdict.checks,
  }
}

async function revocationOf(env: EdgeEnv, id: string): Promise<RevocationDetail | null> {
  const known = revocations.get(id)
  if (known !== undefined) return known
  try {
    const detail = await within(CORE_WAIT_MS, Promise.resolve(env.CORE_READS.revocation(id)))
    if (detail === null) return null
    const copy = { revokedAt: detail.revokedAt, reason: detail.reason }
    revocations.set(id, copy, 1)
    return copy
  } catch {
    return null
  }
}

function policy(env: EdgeEnv) {
  return { maximumStalenessMs: Number(env.STATUS_MAX_STALENESS_S) * 1000 }
}
