import { ED25519_TYPE, parseVerifierKey, type VerifierKey } from './log/note.ts'
import { parsePolicy, type WitnessPolicy } from './log/policy.ts'
import type { TrustRoot, TrustRootLog } from './trust-root.ts'

/** The transparency log as a trust root names it, read. */
export interface TrustedLog {
  readonly key: VerifierKey
  readonly policy: WitnessPolicy
  /** What becomes of a checkpoint without its quorum: `open` lets it pass unwitnessed, `closed` fails. */
  readonly witnessFailure: 'open' | 'closed'
}

/** Read once per trust root: a policy may be long. */
const read = new WeakMap<TrustRootLog, TrustedLog | null>()

/** @returns null when the trust root names no log, or one that cannot be read */
export function trustedLog({ log }: Pick<TrustRoot, 'log'>): TrustedLog | null {
  if (log === undefined) return null
  const known = read.get(log)
  if (known !== undefined) return known
  const fresh = readTrustedLog(log)
  read.set(log, fresh)
  return fresh
}

/** Strict: the key is Ed25519 and is named as the log, the policy is a c2sp.org/tlog-policy. Never throws. */
export function readTrustedLog(value: unknown): TrustedLog | null {
  if (typeof value !== 'object' || value === null) return null
  const { origin, verifier_key, url, witness_policy, witness_failure } = value as Partial<TrustRootLog>
  if (typeof verifier_key !== 'string' || typeof witness_policy !== 'string') return null
  const key = parseVerifierKey(verifier_key)
  const parsed = parsePolicy(witness_policy)
  if (key?.type !== ED25519_TYPE || key.name !== origin || !parsed.ok) return null
  if (typeof url !== 'string' || !isWebAddress(url)) return null
  if (witness_failure !== 'open' && witness_failure !== 'closed') return null
  return { key, policy: parsed.policy, witnessFailure: witness_failure }
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url)
}
