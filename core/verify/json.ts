/**
 * JSON as a verifier must read it (RFC 8259, with the strictness of RFC 7493, I-JSON): no duplicate
 * member names, bounded depth. `JSON.parse` keeps the last of two equal names, so two readers of one
 * file could see two certificates.
 */
export const MAX_JSON_DEPTH = 64

export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'invalid_json' | 'json_too_deep' | 'duplicate_member' }

/** Parses `text`, refusing what {@link MAX_JSON_DEPTH} and I-JSON refuse. Never throws. */
export function parseStrictJson(text: string, maximumDepth: number = MAX_JSON_DEPTH): StrictJson {
  const members = countMembers(text, maximumDepth)
  if (members === null) return { ok: false, reason: 'json_too_deep' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, reason: 'invalid_json' }
  }
  return members === countParsedMembers(value)
    ? { ok: true, value }
    : { ok: false, reason: 'duplicate_member' }
}

/** In valid JSON every colon outside a string belongs to one member. @returns null for what is nested too deeply */
function countMembers(text: string, maximumDepth: number): number | null {
  let members = 0
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) i = endOfString(text, i)
    else if (code === 0x3a) members++
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maximumDepth) return null
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return members
}

/** A duplicate name is one member in the text that the parsed value lacks. */
function countParsedMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) {
    let members = 0
    for (const item of value) members += countParsedMembers(item)
    return members
  }
  let members = 0
  for (const item of Object.values(value)) members += 1 + countParsedMembers(item)
  return members
}

/** The index of the quote that closes the string opened at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from)
    if (quote === -1) return text.length
    let backslashes = 0
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return quote
    from = quote + 1
  }
}
