import { type CheckOutcome, failed, indeterminate, notEvaluated, PASSED } from './checks.ts'
import { utf8 } from './encoding.ts'
import type { Examined } from './examine.ts'
import { type OpenedCheckpoint, openCheckpoint } from './log/checkpoint.ts'
import { verifyCosignature } from './log/cosignature.ts'
import { verifyInclusion } from './log/merkle.ts'
import { NO_QUORUM, quorumReached } from './log/policy.ts'
import { type LogProof, parseProof } from './log/proof.ts'
import { issuedLogEntry } from './log-entry.ts'
import { remember } from './remember.ts'
import type { TrustRoot } from './trust-root.ts'
import { type TrustedLog, trustedLog } from './trusted-log.ts'

/** What is known of a certificate's place in the transparency log. */
export interface LogEvidence {
  readonly log: CheckOutcome
  readonly witnesses: CheckOutcome
  /** Of the entry that records the issue; null unless `log` passed. */
  readonly index: number | null
}

/** Where nobody looked into the log. */
export const LOG_NOT_ASKED: LogEvidence = onBoth(notEvaluated('log_not_asked'))
/** The trust root names no log. */
export const LOG_UNKNOWN: LogEvidence = onBoth(notEvaluated('log_unknown'))
export const LOG_PROOF_MISSING: LogEvidence = onBoth(notEvaluated('log_proof_missing'))

const INVALID: LogEvidence = {
  log: failed('log_proof_invalid'),
  witnesses: indeterminate('log_proof_invalid'),
  index: null,
}

/**
 * Checks that the log has the entry of this very certificate: the leaf is made from the signed bytes, whatever the proof
 * says that it is of. Never throws.
 *
 * @param proof c2sp.org/tlog-proof, as text or parsed; null when there is none
 */
export async function examineLogProof(
  examined: Examined,
  proof: string | LogProof | null,
  trustRoot: TrustRoot,
): Promise<LogEvidence> {
  const log = trustedLog(trustRoot)
  if (log === null) return LOG_UNKNOWN
  if (proof === null) return LOG_PROOF_MISSING
  const { certificate, signed } = examined
  if (certificate === null || signed === null)
    return onBoth(indeterminate(examined.signature.reason ?? 'malformed'))
  const parsed = typeof proof === 'string' ? parseProof(proof) : proof
  const head = parsed && (await readCheckpoint(parsed.checkpoint, log))
  if (parsed === null || head === null) return INVALID
  const { leafHash } = await issuedLogEntry(certificate, utf8(signed))
  const { index, hashes } = parsed
  const { size, root } = head.checkpoint
  if (!verifyInclusion({ leafHash, index, size, hashes, root })) return INVALID
  return { log: PASSED, witnesses: head.witnesses, index }
}

/** A checkpoint that the log has signed, and what its witnesses come to under that log's policy. */
interface TreeHead {
  readonly log: TrustedLog
  readonly checkpoint: OpenedCheckpoint
  readonly witnesses: CheckOutcome
}

const MAX_REMEMBERED_HEADS = 64
/** In UTF-16 units. Longer ones have signatures that nobody asked for, and are not kept. */
const MAX_REMEMBERED_LENGTH = 8_192
/** By their text: proofs that were made at the same time share one. */
const heads = new Map<string, TreeHead>()

async function readCheckpoint(text: string, log: TrustedLog): Promise<TreeHead | null> {
  const known = heads.get(text)
  if (known?.log === log) return known
  const checkpoint = await openCheckpoint(text, log.key)
  if (checkpoint === null) return null
  const head = { log, checkpoint, witnesses: await examineWitnesses(checkpoint, log) }
  if (text.length <= MAX_REMEMBERED_LENGTH) remember(heads, text, head, MAX_REMEMBERED_HEADS)
  return head
}

/** Whether the witnesses whom the trust root names have cosigned a checkpoint. */
export async function examineWitnesses(
  { note }: OpenedCheckpoint,
  { policy, witnessFailure }: TrustedLog,
): Promise<CheckOutcome> {
  if (policy.quorum === NO_QUORUM) return notEvaluated('no_witnesses_required')
  const cosigned = new Set<string>()
  for (const { name, key } of policy.witnesses) {
    if ((await verifyCosignature(note, key)) !== null) cosigned.add(name)
  }
  if (quorumReached(policy, cosigned)) return PASSED
  return witnessFailure === 'closed'
    ? failed('witness_quorum_missing')
    : notEvaluated('witness_quorum_missing')
}

/** The same of both checks. */
export function onBoth(outcome: CheckOutcome): LogEvidence {
  return { log: outcome, witnesses: outcome, index: null }
}
