/** What the texts of c2sp.org have in common. */
import { fromBase64 } from '../encoding.ts'
import { HASH_BYTES } from './merkle.ts'

const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/
const WHITE_SPACE = /\p{White_Space}/u
/** Of 32 bytes. */
const HASH_IN_BASE64 = 44
const NEWLINE = 0x0a
const FIRST_PRINTABLE = 0x20

/** A decimal in ASCII without leading zeros. @returns null for any other text and from 2^53 on */
export function parseDecimal(text: string): number | null {
  if (!DECIMAL.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

/** A SHA-256 hash in base64. @returns its 32 bytes, or null */
export function parseHash(text: string): Uint8Array<ArrayBuffer> | null {
  const hash = text.length === HASH_IN_BASE64 ? fromBase64(text) : null
  return hash?.length === HASH_BYTES ? hash : null
}

/** c2sp.org/signed-note: a key name is not empty and has neither Unicode spaces nor a plus. */
export function isKeyName(text: string): boolean {
  return text !== '' && isNoteText(text) && !WHITE_SPACE.test(text) && !text.includes('+')
}

/** c2sp.org/signed-note: valid UTF-8, with no control character below U+0020 but the newline. */
export function isNoteText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < FIRST_PRINTABLE && unit !== NEWLINE) return false
  }
  return text.isWellFormed()
}
