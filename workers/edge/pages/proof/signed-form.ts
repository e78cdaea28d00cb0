import { canonicalBytes, signedMembers } from '../../../../core/verify/canonical.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { parseStrictJson } from '../../../../core/verify/json.ts'
import { isFlattenedJws } from '../../../../core/verify/trust-root.ts'

/** The bytes that a signature covers, and how they came about. */
export interface SignedForm {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly form: 'certificate' | 'jws'
  /** The key that is said to have signed them. */
  readonly kid: string | null
}

/** @returns null when `text` is no JSON object, names a member twice, or has no canonical form */
export function readSignedForm(text: string): SignedForm | null {
  const parsed = parseStrictJson(text)
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return null
  if (isFlattenedJws(parsed.value)) {
    const { protected: header, payload } = parsed.value
    return { form: 'jws', bytes: utf8(`${header}.${payload}`), kid: headerKid(header) }
  }
  const value = parsed.value as Record<string, unknown>
  try {
    return { form: 'certificate', bytes: canonicalBytes(signedMembers(value)), kid: signatureKid(value) }
  } catch {
    return null
  }
}

function signatureKid({ signature }: Record<string, unknown>): string | null {
  return typeof signature === 'object' && signature !== null ? kidOf(signature, 'public_key_id') : null
}

function headerKid(header: string): string | null {
  try {
    return kidOf(JSON.parse(atob(header.replaceAll('-', '+').replaceAll('_', '/'))), 'kid')
  } catch {
    return null
  }
}

function kidOf(holder: unknown, member: string): string | null {
  const value = (holder as Record<string, unknown> | null)?.[member]
  return typeof value === 'string' ? value : null
}
