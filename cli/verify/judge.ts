import {
  type BundleTrustRoot,
  decide,
  type Evidence,
  type Examined,
  examineBundle,
  examineCode,
  examineLogProof,
  examineText,
  type GivenCode,
  OFFLINE_POLICY,
  type OfflineBundle,
  parseBundle,
  parseCheckpoint,
  parseNote,
  parseProof,
  unexamined,
  type Verdict,
} from '../../core/verify/index.ts'
import type { Verification } from '../../schema/wire/verification.ts'
import type { HeldTrust, PinnedTrustRoot } from '../offline.ts'
import { type RootKey, rootKeyThumbprint } from '../trust-store.ts'

/** A verification made here, and what it rests on. */
export interface OfflineVerification extends Verification {
  readonly offline: true
  readonly trust_root: {
    readonly accepted: boolean
    /** Why it was refused: `trust_root_not_pinned` and such. */
    readonly reason: string | null
    /** RFC 7638 thumbprint of the root key that it had to be signed by. */
    readonly root_key: string
    readonly version: number | null
    readonly expires_at: string | null
  }
  /** Where the log has the entry of the issue, if that was proven. */
  readonly log: { readonly index: number; readonly tree_size: number } | null
}

/** What was verified, and the code that it was compared with. */
export interface VerifiedOffline {
  readonly verification: OfflineVerification
  readonly evidence: Evidence
}

/**
 * Verifies a certificate without any network. There is no status then, so one whose every other check holds is
 * `indeterminate` with the one reason `status_unavailable`.
 *
 * @param text a certificate's JSON, or a flattened JWS
 */
export async function verifyCertificateOffline(
  text: string,
  { opened, rootKey }: PinnedTrustRoot,
  now: Date,
  code?: GivenCode,
): Promise<VerifiedOffline> {
  const examined = opened.ok ? await examineText(text, opened.trustRoot) : unexamined(opened.reason)
  const log = await (opened.ok ? examineLogProof(examined, null, opened.trustRoot) : noLog(examined))
  const evidence: Evidence = { status: null, log, code: code && (await examineCode(examined, code)) }
  const trustRoot: BundleTrustRoot = opened.ok
    ? {
        accepted: true,
        reason: null,
        version: opened.trustRoot.version,
        expiresAt: opened.trustRoot.expires_at,
      }
    : { accepted: false, reason: opened.reason, version: null, expiresAt: null }
  return conclude({ examined, evidence, trustRoot }, null, rootKey, now)
}

/** Verifies an offline bundle without any network. Whatever is no bundle is `invalid: malformed`. */
export async function verifyBundleOffline(
  text: string,
  held: HeldTrust,
  now: Date,
  code?: GivenCode,
): Promise<VerifiedOffline> {
  const bundle = parseBundle(text)
  const { rootKey, minimumVersion } = held
  const trustRoot = held.trustRoot ?? undefined
  const whole = await examineBundle(bundle ?? '', { rootKey, now, minimumVersion, trustRoot, code })
  return conclude(whole, bundle, rootKey, now)
}

function noLog(examined: Examined): Evidence['log'] {
  return { log: examined.signature, witnesses: examined.signature, index: null }
}

function conclude(
  { examined, evidence, trustRoot }: { examined: Examined; evidence: Evidence; trustRoot: BundleTrustRoot },
  bundle: OfflineBundle | null,
  rootKey: RootKey,
  now: Date,
): VerifiedOffline {
  const verdict = decide(examined, evidence, now.getTime(), OFFLINE_POLICY)
  const { accepted, reason, version, expiresAt: expires_at } = trustRoot
  const root_key = rootKeyThumbprint(rootKey)
  const verification: OfflineVerification = {
    ...describe(examined, evidence, verdict),
    offline: true,
    trust_root: { accepted, reason, root_key, version, expires_at },
    log: describeLog(evidence, bundle),
  }
  return { verification, evidence }
}

/** What the certificate says of itself is repeated only when its signature and its key hold. */
function describe(examined: Examined, { status }: Evidence, verdict: Verdict): Verification {
  const { signature, key_validity } = verdict.checks
  const vouched = signature.result === 'passed' && key_validity.result === 'passed'
  const certificate = vouched ? examined.certificate : null
  return {
    certificate_id: examined.certificate?.certificate_id ?? null,
    verdict: verdict.verdict,
    reasons: [...verdict.reasons],
    status: verdict.status,
    issued_at: certificate?.issued_at ?? null,
    expires_at: certificate?.expires_at ?? null,
    risk_level: certificate?.risk_level ?? null,
    risk_score: certificate?.risk_score ?? null,
    confidence: certificate?.confidence ?? null,
    ai_tool: certificate?.ai_tool ?? null,
    verification_url: certificate?.verification_url ?? null,
    signature_valid: signature.result === 'passed',
    status_as_of: status === null ? null : new Date(status.asOf).toISOString(),
    status_source: status?.source ?? 'none',
    revoked_at: null,
    revocation_reason: null,
    checks: verdict.checks,
  }
}

function describeLog({ log }: Evidence, bundle: OfflineBundle | null): OfflineVerification['log'] {
  const proof = log.index === null || bundle?.log_proof == null ? null : parseProof(bundle.log_proof)
  const checkpoint = proof && parseCheckpoint(parseNote(proof.checkpoint)?.text ?? '')
  return checkpoint && log.index !== null ? { index: log.index, tree_size: checkpoint.size } : null
}
