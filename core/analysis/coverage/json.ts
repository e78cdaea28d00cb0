import { EvidenceError } from '../evidence-error.ts'
import { findJsonError } from './json-error.ts'

/** Objects and arrays of one report. In memory each takes far more than its two characters. */
export const MAX_JSON_CONTAINERS = 500_000

/**
 * Parses a report that is JSON.
 *
 * @throws {EvidenceError} with the line
 */
export function parseJsonReport(content: string): unknown {
  checkSize(content)
  try {
    return JSON.parse(content)
  } catch {
    const offset = findJsonError(content)
    throw new EvidenceError('is not valid JSON', offset === null ? null : lineAt(content, offset))
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Counts those inside of strings too: the limit is far from what reports have. */
function checkSize(content: string): void {
  let containers = 0
  for (let i = 0; i < content.length; i++) {
    // The two differ in one bit: `[` is 0x5b, `{` is 0x7b.
    if ((content.charCodeAt(i) | 0x20) === 0x7b && ++containers > MAX_JSON_CONTAINERS) {
      throw new EvidenceError(`has more than ${MAX_JSON_CONTAINERS} objects and arrays`, null)
    }
  }
}

function lineAt(content: string, offset: number): number {
  let line = 1
  for (let at = content.indexOf('\n'); at !== -1 && at < offset; at = content.indexOf('\n', at + 1)) line++
  return line
}
