/** A format is told by how a report begins; the network reads all of it, and refuses what it cannot read. */
const BEGINNING_CHARACTERS = 16 * 1024

/** @returns the format's name for people, or null for what is none that the network reads */
export function coverageFormat(text: string): string | null {
  const beginning = beginningOf(text)
  if (/^mode: (set|count|atomic)\r?$/m.test(beginning.slice(0, 100))) return 'Go coverprofile'
  if (/^(TN:|SF:)/m.test(beginning)) return 'LCOV'
  if (beginning.startsWith('{')) return beginning.includes('"statementMap"') ? 'Istanbul JSON' : null
  if (!beginning.startsWith('<')) return null
  // Clover's root element is `coverage` too, without a rate of lines.
  if (/<coverage\s[^>]{0,2000}?\bline-rate=/.test(beginning)) return 'Cobertura'
  return /<report\s[^>]{0,2000}?\bname=/.test(beginning) ? 'JaCoCo' : null
}

/** SARIF 2.1.0 §3.13: an object with `version` and `runs`; `runs` may lie far behind the beginning. */
export function sarifFormat(text: string): string | null {
  const beginning = beginningOf(text)
  return beginning.startsWith('{') && /"(runs|version|\$schema)"/.test(beginning) ? 'SARIF' : null
}

function beginningOf(text: string): string {
  return text
    .slice(0, BEGINNING_CHARACTERS)
    .replace(/^\ufeff/, '')
    .trimStart()
}
