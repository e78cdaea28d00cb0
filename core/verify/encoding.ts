const UTF8 = new TextEncoder()
/** A byte order mark stays, and is no JSON. */
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const HEX = /^([0-9a-f]{2})*$/
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const NO_DIGIT = 0xff
const BASE64 = /* @__PURE__ */ digits(`${LETTERS}+/`)
const BASE64URL = /* @__PURE__ */ digits(`${LETTERS}-_`)

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return UTF8.encode(text) as Uint8Array<ArrayBuffer>
}

/** @returns null when `bytes` are not valid UTF-8; a byte order mark is a character of the text */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return STRICT_UTF8.decode(bytes)
  } catch {
    return null
  }
}

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += HEX_OF_BYTE[bytes[i]!]!
  return text
}

/** @returns null when `text` is not lower-case hex */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!HEX.test(text)) return null
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** RFC 4648 §4, padded, no white space, unused bits zero (§3.5). @returns null when `text` is anything else */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return decode(text, text.length - padding, BASE64)
}

export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** RFC 4648 §5, unpadded, unused bits zero. @returns null when `text` is anything else */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  return decode(text, text.length, BASE64URL)
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** By its byte in UTF-8, which digit a character is. */
function digits(alphabet: string): Uint8Array {
  const table = new Uint8Array(256).fill(NO_DIGIT)
  for (let digit = 0; digit < alphabet.length; digit++) table[alphabet.charCodeAt(digit)] = digit
  return table
}

/**
 * The bytes of the first `length` characters. One pass, four characters at a time: tokens and trust roots are long, and
 * are decoded for every bundle.
 */
function decode(text: string, length: number, table: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const rest = length % 4
  if (rest === 1) return null
  // `A` is the digit zero. What it adds to the end is not kept: writing behind the end does nothing.
  const from = utf8(rest === 0 ? text : text.slice(0, length).padEnd(length + 4 - rest, 'A'))
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let seen = 0
  let group = 0
  for (let i = 0, at = 0; i < length; i += 4, at += 3) {
    const a = table[from[i]!]!
    const b = table[from[i + 1]!]!
    const c = table[from[i + 2]!]!
    const d = table[from[i + 3]!]!
    seen |= a | b | c | d
    group = (a << 18) | (b << 12) | (c << 6) | d
    bytes[at] = group >>> 16
    bytes[at + 1] = group >>> 8
    bytes[at + 2] = group
  }
  const unused = rest === 0 ? 0 : group & (rest === 2 ? 0xffff : 0xff)
  return seen < 64 && unused === 0 ? bytes : null
}
