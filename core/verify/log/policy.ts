import { toHex } from '../encoding.ts'
import { COSIGNATURE_TYPE, ED25519_TYPE, parseVerifierKey, type VerifierKey } from './note.ts'
import { parseDecimal } from './text.ts'

/** In UTF-16 units. */
export const MAX_POLICY_LENGTH = 262_144
/** Of logs, of witnesses, of groups; the specification asks for 32 or more. */
export const MAX_POLICY_ITEMS = 256
/** The quorum that no witness is needed for. */
export const NO_QUORUM = 'none'

/** Whom to trust (c2sp.org/tlog-policy). */
export interface WitnessPolicy {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  /** In order: a group has only members from before it. */
  readonly groups: readonly WitnessGroup[]
  /** `none`, or the name of a witness or group. */
  readonly quorum: string
}

export interface PolicyLog {
  readonly key: VerifierKey
  readonly url: string | null
}

export interface PolicyWitness {
  /** Of the policy; the key's name may be another one. */
  readonly name: string
  readonly key: VerifierKey
  readonly url: string | null
}

export interface WitnessGroup {
  readonly name: string
  /** How many of its members must have witnessed: 1 to all. */
  readonly threshold: number
  /** Names of witnesses and of groups. */
  readonly members: readonly string[]
}

/** `line` counts from 1. `fault` is a sentence for the one who wrote the policy. */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: WitnessPolicy }
  | { readonly ok: false; readonly fault: string; readonly line: number }

/** What has been read so far. */
interface Draft {
  readonly logs: PolicyLog[]
  readonly witnesses: PolicyWitness[]
  readonly groups: WitnessGroup[]
  readonly names: Set<string>
  /** Every name that is a member of some group. */
  readonly members: Set<string>
  readonly keys: Set<string>
  quorum: string | null
}

/** Reads the words of a line into the draft. @returns the fault, or null */
type ReadLine = (words: readonly string[], draft: Draft) => string | null

const READ_LINE = new Map<string, ReadLine>([
  ['log', readLog],
  ['witness', readWitness],
  ['group', readGroup],
  ['quorum', readQuorum],
])

const TAB = 0x09
const SPACE = 0x20
const DELETE = 0x7f

/** Reads a policy. The newline of the last line may be missing. */
export function parsePolicy(text: string): ParsedPolicy {
  if (text.length > MAX_POLICY_LENGTH) return { ok: false, fault: 'the policy is too long', line: 1 }
  const draft: Draft = {
    logs: [],
    witnesses: [],
    groups: [],
    names: new Set(),
    members: new Set(),
    keys: new Set(),
    quorum: null,
  }
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    const fault = readLine(line, draft)
    if (fault !== null) return { ok: false, fault, line: i + 1 }
  }
  const { logs, witnesses, groups, quorum } = draft
  if (quorum === null) return { ok: false, fault: 'there is no quorum line', line: lines.length }
  return { ok: true, policy: { logs, witnesses, groups, quorum } }
}

/**
 * Whether the witnesses that have cosigned are enough.
 *
 * @param cosigned names of witnesses, as the policy has them
 */
export function quorumReached(policy: WitnessPolicy, cosigned: ReadonlySet<string>): boolean {
  if (policy.quorum === NO_QUORUM) return true
  const witnessed = new Set(policy.witnesses.map(({ name }) => name).filter((name) => cosigned.has(name)))
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((member) => witnessed.has(member)).length >= threshold) witnessed.add(name)
  }
  return witnessed.has(policy.quorum)
}

function readLine(line: string, draft: Draft): string | null {
  if (hasControl(line)) return 'there is a control character'
  if (!line.isWellFormed()) return 'the text is not Unicode'
  const words = line.split(/[ \t]+/).filter((word) => word !== '')
  const [keyword, ...rest] = words
  if (keyword === undefined || keyword.startsWith('#')) return null
  const read = READ_LINE.get(keyword)
  return read === undefined ? 'the line begins with none of log, witness, group, quorum' : read(rest, draft)
}

/** Allowed are the bytes 0x09, 0x0a, 0x20 to 0x7e, and from 0x80 on: what those last ones stand for makes no difference. */
function hasControl(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const unit = line.charCodeAt(i)
    if ((unit < SPACE && unit !== TAB) || unit === DELETE) return true
  }
  return false
}

function readLog([vkey, url, ...more]: readonly string[], draft: Draft): string | null {
  if (vkey === undefined || more.length > 0) return 'a log has a verifier key and perhaps a URL'
  const key = parseVerifierKey(vkey)
  if (key?.type !== ED25519_TYPE) return 'the verifier key of the log is not a valid Ed25519 key (type 0x01)'
  if (draft.logs.length >= MAX_POLICY_ITEMS) return 'there are too many logs'
  if (!addTo(draft.keys, `log ${toHex(key.publicKey)}`)) return 'there is a log with that key already'
  draft.logs.push({ key, url: url ?? null })
  return null
}

function readWitness([name, vkey, url, ...more]: readonly string[], draft: Draft): string | null {
  if (name === undefined || vkey === undefined || more.length > 0) {
    return 'a witness has a name, a verifier key and perhaps a URL'
  }
  const key = parseVerifierKey(vkey)
  if (key?.type !== COSIGNATURE_TYPE) {
    return 'the verifier key of the witness is not a valid cosignature key (type 0x04)'
  }
  if (draft.witnesses.length >= MAX_POLICY_ITEMS) return 'there are too many witnesses'
  if (!addTo(draft.keys, `witness ${toHex(key.publicKey)}`)) return 'there is a witness with that key already'
  draft.witnesses.push({ name, key, url: url ?? null })
  return define(name, draft)
}

function readGroup([name, rule, ...members]: readonly string[], draft: Draft): string | null {
  if (name === undefined || rule === undefined || members.length === 0) {
    return 'a group has a name, a threshold (all, any or a number) and members'
  }
  const threshold = parseThreshold(rule, members.length)
  if (threshold === null) return 'the threshold is not all, any, or a number from 1 to the number of members'
  for (const member of members) {
    if (!draft.names.has(member)) return 'a member is not defined on a line before'
    if (!addTo(draft.members, member)) return 'a member is in a group already'
  }
  if (draft.groups.length >= MAX_POLICY_ITEMS) return 'there are too many groups'
  draft.groups.push({ name, threshold, members })
  return define(name, draft)
}

function readQuorum([name, ...more]: readonly string[], draft: Draft): string | null {
  if (name === undefined || more.length > 0) return 'a quorum has one name'
  if (draft.quorum !== null) return 'there is a quorum line already'
  if (name !== NO_QUORUM && !draft.names.has(name)) return 'the quorum is not defined on a line before'
  draft.quorum = name
  return null
}

function parseThreshold(rule: string, members: number): number | null {
  if (rule === 'any') return 1
  if (rule === 'all') return members
  const threshold = parseDecimal(rule)
  return threshold === null || threshold < 1 || threshold > members ? null : threshold
}

/** Witnesses and groups share their names. */
function define(name: string, draft: Draft): string | null {
  if (name === NO_QUORUM) return 'none is not a name'
  return addTo(draft.names, name) ? null : 'the name is defined already'
}

/** @returns false when it was there before */
function addTo(set: Set<string>, value: string): boolean {
  if (set.has(value)) return false
  set.add(value)
  return true
}
