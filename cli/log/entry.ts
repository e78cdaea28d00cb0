import {
  canonicalText,
  decodeUtf8,
  fromHex,
  HASH_BYTES,
  type LogEntryType,
  parseStrictJson,
} from '../../core/verify/index.ts'
import { BREAKER_STATES } from '../../schema/wire/money.ts'
import { REVOCATION_REASONS } from '../../schema/wire/vocabulary.ts'

/** What every entry has; some have more. */
export interface EntryMembers {
  readonly type: string
  /** SHA-256 of the id of what it is about, hex. */
  readonly subject: string
  readonly time: string
  /** SHA-256 of what it is about, hex. */
  readonly digest: string
  readonly [member: string]: unknown
}

export type ReadEntry =
  | { readonly ok: true; readonly entry: EntryMembers; readonly known: boolean }
  /** `fault` is the end of a sentence that begins with the entry. */
  | { readonly ok: false; readonly fault: string }

type CheckMember = (value: unknown) => boolean

/** Of each type the members beside the four that all have. A type that is missing here does not compile. */
const MEMBERS: Readonly<Record<LogEntryType, Readonly<Record<string, CheckMember>>>> = {
  'certificate.issued': {},
  'certificate.revoked': { reason: (value) => REVOCATION_REASONS.some((reason) => reason === value) },
  'key.created': {},
  'key.activated': {},
  'key.retired': {},
  'key.compromised': {},
  'trust_root.published': { version: (value) => typeof value === 'string' && /^[1-9]\d{0,15}$/.test(value) },
  'organisation.created': {},
  'api_key.created': {},
  'api_key.revoked': {},
  'arc.published': {},
  'network.restored': {},
  'policy.bound': {},
  'policy.activated': {},
  'policy.expired': {},
  'policy.exhausted': {},
  'policy.cancelled': {},
  'policy.voided': {},
  'incident.opened': {},
  'incident.resolved': {},
  'claim.filed': {},
  'claim.approved': {},
  'claim.denied': {},
  'claim.withdrawn': {},
  'claim.paid': {},
  'claim.disputed': {},
  'claim.resolved': { outcome: (value) => ['upheld', 'adjusted', 'reversed'].some((name) => name === value) },
  'breaker.changed': { state: (value) => BREAKER_STATES.some((state) => state === value) },
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** Reads an entry of the log: the RFC 8785 form of an object with the members that its type asks for. Never throws. */
export function readEntry(bytes: Uint8Array): ReadEntry {
  const text = decodeUtf8(bytes)
  const parsed = text === null ? null : parseStrictJson(text)
  if (text === null || !parsed?.ok) return refuse('is not JSON')
  if (!isRecord(parsed.value)) return refuse('is not an object')
  if (!isCanonical(parsed.value, text)) return refuse('is not in the form of RFC 8785')
  const { type, subject, time, digest } = parsed.value
  if (typeof type !== 'string') return refuse('has no type')
  if (!isHash(subject)) return refuse('has no subject of 64 hex digits')
  if (!isTime(time)) return refuse('has no time in UTC with milliseconds')
  if (!isHash(digest)) return refuse('has no digest of 64 hex digits')
  const known = Object.hasOwn(MEMBERS, type)
  const members = known ? MEMBERS[type as LogEntryType] : {}
  for (const [name, check] of Object.entries(members)) {
    if (!check(parsed.value[name])) return refuse(`is a ${type} without a proper ${name}`)
  }
  return { ok: true, entry: { ...parsed.value, type, subject, time, digest }, known }
}

function refuse(fault: string): ReadEntry {
  return { ok: false, fault }
}

function isCanonical(value: unknown, text: string): boolean {
  try {
    return canonicalText(value) === text
  } catch {
    return false
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && fromHex(value)?.length === HASH_BYTES
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value) && Number.isFinite(Date.parse(value))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
