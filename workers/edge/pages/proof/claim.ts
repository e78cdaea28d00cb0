import { parseStrictJson } from '../../../../core/verify/json.ts'
import { decodeText, isRecord } from '../../../../core/verify/reading.ts'
import { BUNDLE_MEDIA_TYPE } from '../../../../schema/wire/vocabulary.ts'

/** What a certificate says of its code. Nothing vouches for it yet: it only says which files to look for. */
export interface CodeClaim {
  readonly method: 'sha256' | 'sha256-manifest'
  readonly codeHash: string
  /** True paths, without those that the change deletes; empty when they are kept private. */
  readonly paths: readonly string[]
  readonly hashedPaths: boolean
  /** Whether files were named whose contents were not sent: they are not in the hash. */
  readonly unsent: boolean
}

/** @param text a bundle, a certificate or a JWS. @returns null when it names no code */
export function readClaim(text: string): CodeClaim | null {
  const certificate = certificateIn(text)
  if (certificate === null) return null
  const { code_hash: codeHash, code_hash_method: method, path_privacy } = certificate
  if (typeof codeHash !== 'string' || (method !== 'sha256' && method !== 'sha256-manifest')) return null
  const hashedPaths = path_privacy === 'hashed'
  const deleted = new Set(texts(certificate.files_deleted))
  const paths = hashedPaths ? [] : texts(certificate.files_changed).filter((path) => !deleted.has(path))
  return { method, codeHash, paths, hashedPaths, unsent: saysUnsent(certificate.checks_passed) }
}

function saysUnsent(checks: unknown): boolean {
  const all = isRecord(checks) ? Object.values(checks) : []
  const reasons = all.flatMap((check) => (isRecord(check) ? texts(check.reasons) : []))
  return reasons.some((reason) => reason.startsWith('contents_not_sent'))
}

/** Whether a text says that it is a bundle. What only looks like one must be judged as one: strictly, and offline. */
export function saysBundle(text: string): boolean {
  const parsed = parseStrictJson(text)
  if (!parsed.ok) return text.includes(BUNDLE_MEDIA_TYPE)
  return isRecord(parsed.value) && parsed.value.media_type === BUNDLE_MEDIA_TYPE
}

function certificateIn(text: string): Record<string, unknown> | null {
  const value = parse(text)
  if (value === null) return null
  if (isRecord(value.certificate)) return value.certificate
  return typeof value.payload === 'string' ? parse(decodeText(value.payload) ?? '') : value
}

function parse(text: string): Record<string, unknown> | null {
  const parsed = parseStrictJson(text)
  return parsed.ok && isRecord(parsed.value) ? parsed.value : null
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
