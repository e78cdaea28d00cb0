import type { PublicCertificate } from '../../core/certificates/look-up.ts'
import { type Examined, examineSigned } from '../../core/verify/examine.ts'
import { LOG_NOT_ASKED, type LogEvidence } from '../../core/verify/log-evidence.ts'
import { type CertificateRecord, certificateKey, readRecord } from '../../schema/kv.ts'
import type { Certificate } from '../../schema/wire/certificate.ts'
import { CERTIFICATE_ID_PATTERN } from '../../schema/wire/vocabulary.ts'
import type { Anchored } from './anchor-evidence.ts'
import { BoundedMap } from './bounded-map.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import type { Anchor } from './log/anchors.ts'
import { count } from './metrics.ts'
import { isLimited } from './rate-limits.ts'
import type { StatusPlace } from './status.ts'
import { type HeldTrustRoot, trustRoot, trustRootWith } from './trust.ts'

/** A certificate with what its signature says under one version of the trust root. */
export interface HeldCertificate {
  readonly id: string
  readonly record: CertificateRecord
  readonly examined: Examined
  readonly trustRootVersion: number
  /** Where its live status is; null when no status list of ours is named. */
  readonly status: StatusPlace | null
  /** Only of a certificate that came from the core just now and is not kept: its revocation as of that moment. */
  readonly revokedNow: boolean | null
  /** Whether the log has its issue, and where; filled in once that has been proven. */
  log: LogEvidence
  place?: Certificate['log']
  /** When that was last tried, in milliseconds since the epoch. */
  logAskedAt: number
  /** The transaction that its entry is anchored by, once that is known. */
  anchored?: Anchored
  anchorAskedAt: number
  /** What anchors there were when the last answer was made, and the one that its place has among them. */
  anchorsSeen?: readonly Anchor[]
  anchorHint?: string | undefined
  /** Answers on it while it is valid, which it mostly is, each encoded when it was first asked for. */
  answers: {
    certificate?: Uint8Array<ArrayBuffer>
    /** Between two of them only the time of the status changes. */
    verification?: { readonly asOf: number; readonly bytes: Uint8Array<ArrayBuffer> }
  }
}

export type Found =
  | { readonly ok: true; readonly certificate: HeldCertificate }
  | { readonly ok: false; readonly reason: 'not_found' | 'rate_limited' | 'unavailable' }

const MEMORY_BUDGET_BYTES = 24 * 1024 * 1024
const MAX_KNOWN_MISSES = 10_000
const MISS_LIFETIME_MS = 5_000
const CORE_WAIT_MS = 2_500
const OVERHEAD_BYTES = 512

const memory = new BoundedMap<HeldCertificate>(MEMORY_BUDGET_BYTES)
/** Ids that the core did not know a moment ago. A new certificate's id cannot be among them: nobody could guess it. */
const misses = new BoundedMap<number>(MAX_KNOWN_MISSES)

/** The certificate from this isolate's memory, if its signature was checked under the current trust root. */
export function fromMemory(id: string, root: HeldTrustRoot): HeldCertificate | undefined {
  const certificate = memory.get(id)
  return certificate?.trustRootVersion === root.trustRoot.version ? certificate : undefined
}

/**
 * The certificate with this id: memory, else KV, else the core. A KV value counts only if its signature verifies
 * and it is the certificate that was asked for; anything else is refused and the core is asked.
 *
 * @param client who is asking; ids that are not in KV are looked up in the core at a limited rate per client
 */
export async function findCertificate(env: EdgeEnv, id: string, client: string, now: number): Promise<Found> {
  if (!CERTIFICATE_ID_PATTERN.test(id)) return { ok: false, reason: 'not_found' }
  const root = await trustRoot(env, now)
  if (root === null) return { ok: false, reason: 'unavailable' }
  const held = fromMemory(id, root)
  if (held !== undefined) {
    count('coderisk_edge_certificate_memory_hits_total')
    return { ok: true, certificate: held }
  }
  const fromKv = await readKv(env, id, now)
  if (fromKv !== null) return { ok: true, certificate: fromKv }
  return readCore(env, id, client, now)
}

async function readKv(env: EdgeEnv, id: string, now: number): Promise<HeldCertificate | null> {
  let text: string | null
  try {
    text = await env.TRUST_KV.get(certificateKey(id))
  } catch {
    return null
  }
  if (text === null) return null
  const record = readRecord(text)
  const held = record === null ? null : await examine(env, id, record, now)
  if (held === null || held.examined.signature.result !== 'passed') {
    count('coderisk_edge_kv_rejected_total')
    return null
  }
  count('coderisk_edge_certificate_kv_hits_total')
  keep(held)
  return held
}

async function readCore(env: EdgeEnv, id: string, client: string, now: number): Promise<Found> {
  if ((misses.get(id) ?? 0) > now) return { ok: false, reason: 'not_found' }
  if (await isLimited(env, 'RATE_LIMIT_MISS', client)) return { ok: false, reason: 'rate_limited' }
  let found: PublicCertificate | null
  try {
    count('coderisk_edge_certificate_core_reads_total')
    found = await within(CORE_WAIT_MS, Promise.resolve(env.CORE_READS.lookUp(id)))
  } catch {
    count('coderisk_edge_core_failures_total')
    return { ok: false, reason: 'unavailable' }
  }
  if (found === null) {
    misses.set(id, now + MISS_LIFETIME_MS, 1)
    return { ok: false, reason: 'not_found' }
  }
  const held = await examine(env, id, found.record, now)
  if (held === null) return { ok: false, reason: 'unavailable' }
  if (held.examined.signature.result === 'passed') keep(held)
  return { ok: true, certificate: { ...held, revokedNow: found.revocation !== null } }
}

async function examine(
  env: EdgeEnv,
  id: string,
  record: CertificateRecord,
  now: number,
): Promise<HeldCertificate | null> {
  const root = await trustRootWith(env, record.signature.public_key_id, now)
  if (root === null) return null
  const examined = await examineSigned(record.signed, record.signature, root.trustRoot)
  const { certificate } = examined
  if (certificate === null || certificate.certificate_id !== id) return null
  return {
    id,
    record,
    examined,
    trustRootVersion: root.trustRoot.version,
    status: statusPlace(certificate.status_list),
    revokedNow: null,
    log: LOG_NOT_ASKED,
    logAskedAt: 0,
    anchorAskedAt: 0,
    answers: {},
  }
}

function keep(certificate: HeldCertificate): void {
  memory.set(certificate.id, certificate, 2 * certificate.record.signed.length + OVERHEAD_BYTES)
}

const STATUS_LIST_URI = /\/v1\/status-lists\/(\d{1,9})$/

export function statusPlace({ uri, idx }: { uri: string; idx: number }): StatusPlace | null {
  const list = STATUS_LIST_URI.exec(uri)?.[1]
  return list === undefined ? null : { list: Number(list), uri, index: idx }
}
