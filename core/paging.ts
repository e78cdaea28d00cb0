import { Refusal } from './refusal.ts'
import { fromBase64Url, toBase64Url, utf8 } from './verify/encoding.ts'

/** The cursor after the row at `position`: opaque to the caller, base64url. */
export function encodePosition(position: bigint): string {
  return toBase64Url(utf8(`p${position}`))
}

/** @throws {Refusal} `invalid_cursor` when it is none that {@link encodePosition} made */
export function decodePosition(cursor: string): bigint {
  const bytes = fromBase64Url(cursor)
  const match = bytes === null ? null : /^p(\d{1,18})$/.exec(new TextDecoder().decode(bytes))
  if (match === null) throw new Refusal('invalid_cursor')
  return BigInt(match[1]!)
}
