import type { ExaminedBundle } from '../../core/verify/bundle.ts'
import { type Examined, unexamined } from '../../core/verify/examine.ts'
import { LOG_NOT_ASKED } from '../../core/verify/log-evidence.ts'
import { decide, type StatusEvidence, type Verdict } from '../../core/verify/verdict.ts'
import type { Verification } from '../../schema/wire/verification.ts'
import type { RevocationReason } from '../../schema/wire/vocabulary.ts'
import { BoundedMap } from './bounded-map.ts'
import { type HeldCertificate, statusPlace } from './certificates.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import { logAtOnce, logEvidence } from './log-evidence.ts'
import { liveStatus, newestStatus, statusEvidence } from './status.ts'

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
  /** Whether the entry is in the tree that was anchored; absent while it is in none. */
  readonly anchorVerified?: boolean | undefined
  readonly evidence: StatusEvidence | null
}

/** The verdict on a held certificate at this moment. @param logWanted whether the log's check is to be told */
export async function decideNow(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  held: HeldCertificate,
  now: number,
  logWanted = true,
): Promise<Decision> {
  const [evidence, log] = await Promise.all([
    evidenceOf(env, waitUntil, held, now),
    logEvidence(env, waitUntil, held, now, logWanted),
  ])
  const verdict = decide(held.examined, { status: evidence, log }, Date.now(), policy(env))
  return { evidence, verdict, anchorVerified: held.anchored?.verified }
}

async function evidenceOf(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  { revokedNow, status }: HeldCertificate,
  now: number,
): Promise<StatusEvidence | null> {
  const shard = status && statusEvidence(env, waitUntil, status, now)
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
  logWanted = true,
): Decision | null {
  if (held.revokedNow !== null || held.status === null) return null
  const evidence = liveStatus(env, waitUntil, held.status, now)
  const log = logAtOnce(env, waitUntil, held, now, logWanted)
  if (evidence === null || log === null) return null
  const verdict = decide(held.examined, { status: evidence, log }, now, policy(env))
  return { evidence, verdict, anchorVerified: held.anchored?.verified }
}

/** The verdict on a certificate that somebody showed us; its status is asked for only if its signature holds. */
export async function decideExamined(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  examined: Examined,
  now: number,
): Promise<Decision> {
  const evidence = await statusOfExamined(env, waitUntil, examined, now)
  const verdict = decide(examined, { status: evidence, log: LOG_NOT_ASKED }, Date.now(), policy(env))
  return { evidence, verdict }
}

/** The same of a bundle that somebody showed us: it is judged by what it brings, and by live status if that is newer. */
export async function decideBundle(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  { examined, evidence: brought }: ExaminedBundle,
  now: number,
): Promise<Decision> {
  const status = newestStatus(await statusOfExamined(env, waitUntil, examined, now), brought.status)
  return { evidence: status, verdict: decide(examined, { ...brought, status }, Date.now(), policy(env)) }
}

async function statusOfExamined(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  { certificate, signature }: Examined,
  now: number,
): Promise<StatusEvidence | null> {
  if (certificate === null || signature.result !== 'passed') return null
  const place = statusPlace(certificate.status_list)
  return place && statusEvidence(env, waitUntil, place, now)
}

/** The verdict when the core and KV are both out of reach and nothing is held. */
export function undecided(env: EdgeEnv, now: number): Decision & { readonly examined: Examined } {
  const examined = unexamined('trust_root_unavailable')
  const nothing = { status: null, log: LOG_NOT_ASKED }
  return { examined, evidence: null, verdict: decide(examined, nothing, now, policy(env)) }
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
  { verdict, evidence, anchorVerified }: Decision,
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
    ...(anchorVerified === undefined ? {} : { blockchain_verified: anchorVerified }),
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
