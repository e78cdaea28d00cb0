const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"'
const PREFERENCE = new RegExp(
  `^[\\t ]*(${TOKEN})(?:[\\t ]*=[\\t ]*(${TOKEN}|${QUOTED}))?((?:[\\t ]*;[^,"]*(?:${QUOTED}[^,"]*)*)?)[\\t ]*(?:,|$)`,
)
/** Longer headers are not read: a preference is a wish, and may be ignored. */
const MAX_LENGTH = 1_024

/**
 * `Prefer: wait=10` (RFC 7240 §4.3). The first `wait` counts (§2); a header that is malformed before it has none.
 *
 * @returns whole seconds; null without such a wish
 */
export function preferredWait(header: string | undefined): number | null {
  let rest = header ?? ''
  if (rest.length > MAX_LENGTH) return null
  while (rest.trim() !== '') {
    const [whole, name, value = ''] = PREFERENCE.exec(rest) ?? []
    if (whole === undefined || name === undefined) return null
    if (name.toLowerCase() === 'wait') return seconds(value)
    rest = rest.slice(whole.length)
  }
  return null
}

function seconds(value: string): number | null {
  const digits = /^"?(\d{1,9})"?$/.exec(value)?.[1]
  return digits === undefined ? null : Number(digits)
}
