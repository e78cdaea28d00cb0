/** Nobody writes such lines; what does is a bundler, or somebody who wants to keep us busy. */
const MAX_LINE_CHARACTERS = 20_000
/** Of one file. */
const MAX_LINES = 50_000

/** Whether a source is too much to be looked at as a language: of it only secrets are looked for. */
export function isUnwieldy(content: string): boolean {
  let lines = 0
  for (let start = 0; start < content.length; lines++) {
    const end = content.indexOf('\n', start)
    const next = end === -1 ? content.length : end + 1
    if (next - start > MAX_LINE_CHARACTERS || lines >= MAX_LINES) return true
    start = next
  }
  return false
}
