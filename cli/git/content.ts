/** As many as git itself looks at to tell text from binary. */
export const SNIFFED_BYTES = 8000

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text whose UTF-8 bytes are exactly `bytes`; null when they are not UTF-8 or hold a NUL. */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return UTF8.decode(bytes)
  } catch {
    return null
  }
}

/** Tells by the beginning of a file too large to send. A character cut at the end is not held against it. */
export function looksBinary(start: Uint8Array): boolean {
  if (start.includes(0)) return true
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return false
  } catch {
    return true
  }
}
