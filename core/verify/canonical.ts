import canonicalize from 'canonicalize'
import { UNSIGNED_MEMBERS } from '../../schema/wire/vocabulary.ts'
import { utf8 } from './encoding.ts'

/**
 * RFC 8785 (JCS) text of a JSON value.
 *
 * @throws {TypeError} for what has no canonical form: a lone surrogate, NaN, an infinity
 */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('the value has no JSON form')
  return text
}

export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return utf8(canonicalText(value))
}

/** The members of a certificate that are signed: all but those made or changed after signing. */
export function signedMembers(certificate: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const signed: Record<string, unknown> = { ...certificate }
  for (const name of UNSIGNED_MEMBERS) delete signed[name]
  return signed
}
