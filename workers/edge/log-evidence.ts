import { examineLogProof, LOG_NOT_ASKED, type LogEvidence } from '../../core/verify/log-evidence.ts'
import type { Certificate } from '../../schema/wire/certificate.ts'
import { lookUpAnchor } from './anchor-evidence.ts'
import type { HeldCertificate } from './certificates.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import { proveCertificate } from './log/certificate.ts'
import { trustRoot } from './trust.ts'

type WaitUntil = (work: Promise<unknown>) => void

/** What could not be proven, because no checkpoint covers it yet or something is away, is tried again after this. */
const RETRY_AFTER_MS = 10_000
/** The same while its entry may be on its way. */
const RETRY_NEW_AFTER_MS = 1_000
const NEW_FOR_MS = 60_000
/** The page shows a place that has been proven, if that takes no longer. */
const PLACE_WAIT_MS = 250
/** Who asks the core for a place that is not known: this isolate, and no client. */
const CLIENT = 'log-evidence'

/**
 * What the log says of a held certificate. It weighs only where the signing key is compromised, so only then is it
 * waited for; else it is looked up in the background, and answers tell it from then on.
 */
export async function logEvidence(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  held: HeldCertificate,
  now: number,
  wanted = true,
): Promise<LogEvidence> {
  return logAtOnce(env, waitUntil, held, now, wanted) ?? prove(env, held, now)
}

/**
 * The same without waiting; null when it must be waited for.
 *
 * @param wanted false where only its weight on the verdict counts: nothing is then looked up that has none
 */
export function logAtOnce(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  held: HeldCertificate,
  now: number,
  wanted = true,
): LogEvidence | null {
  if (!wanted && held.examined.loggedBelow === null) return held.log
  lookUpAnchor(env, waitUntil, held, now)
  if (!isDue(held, now)) return held.log
  if (held.examined.loggedBelow !== null) return null
  held.logAskedAt = now
  waitUntil(prove(env, held, now))
  return held.log
}

/**
 * Where the log has the entry of a certificate: as it was proven, else as KV and the core say. That is a hint, as `log`
 * is no signed member: whoever goes by it proves it. Proving it here would make a look-up ten times as dear.
 */
export function placeOf({ place, record }: HeldCertificate): Certificate['log'] {
  if (place !== undefined || record.logIndex === undefined || record.leafHash === undefined) return place
  return { state: 'included', leaf_hash: record.leafHash, index: record.logIndex }
}

/** Waits a little for the place of a certificate to be proven. */
export async function settlePlace(
  env: EdgeEnv,
  waitUntil: WaitUntil,
  held: HeldCertificate,
  now: number,
): Promise<void> {
  // Where it decides, the verdict waits for it anyway.
  if (held.examined.loggedBelow !== null) return
  // Once: while R2 is away, what could not be proven is tried again in the background.
  if (held.record.logIndex === undefined || held.logAskedAt !== 0) return
  held.logAskedAt = now
  const settling = prove(env, held, now).then(() => lookUpAnchor(env, waitUntil, held, now))
  waitUntil(settling)
  await within(PLACE_WAIT_MS, settling).catch(() => {})
}

function isDue({ log, logAskedAt, examined }: HeldCertificate, now: number): boolean {
  if (log !== LOG_NOT_ASKED || now - logAskedAt < RETRY_NEW_AFTER_MS) return false
  const isNew = now - Date.parse(examined.certificate?.issued_at ?? '') < NEW_FOR_MS
  return isNew || now - logAskedAt >= RETRY_AFTER_MS
}

/** A place that does not hold says nothing against the certificate: whoever told it is not trusted. */
async function prove(env: EdgeEnv, held: HeldCertificate, now: number): Promise<LogEvidence> {
  const found = await lookUp(env, held, now)
  held.logAskedAt = now
  if (found?.evidence.log.result !== 'passed' || found.evidence.witnesses.result === 'failed') return held.log
  held.log = found.evidence
  held.place = found.place
  // They did not tell it.
  held.answers = {}
  return held.log
}

interface Found {
  readonly evidence: LogEvidence
  readonly place: Certificate['log']
}

async function lookUp(env: EdgeEnv, held: HeldCertificate, now: number): Promise<Found | null> {
  const root = await trustRoot(env, now)
  if (root?.trustRoot.log === undefined) return null
  const proof = await proveCertificate(env, held, CLIENT, now)
  if (!proof.ok) return null
  return { evidence: await examineLogProof(held.examined, proof.text, root.trustRoot), place: proof.log }
}
