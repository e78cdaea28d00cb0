import { MAX_STACK_PATHS } from '../../../schema/wire/incidents.ts'

const MAX_PATH_CHARACTERS = 512
const MAX_TITLE_CHARACTERS = 300
const MAX_URL_CHARACTERS = 1_000
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu')
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
/** A release as Sentry's tools name them: the commit itself, or behind a package or version. */
const RELEASE = /^(?:.*[@+])?([0-9a-f]{40}|[0-9a-f]{64})$/
const MAX_RELEASE_CHARACTERS = 300

/** RFC 3339, with or without its zone (then UTC). @returns null for what is no time between 1970 and 9999 */
export function readTime(value: unknown): Date | null {
  if (typeof value !== 'string') return null
  const match = TIME.exec(value)
  if (match === null) return null
  const time = Date.parse(match[1] === undefined ? `${value.replace(' ', 'T')}Z` : value)
  return Number.isFinite(time) && time >= 0 ? new Date(time) : null
}

/** No later than it was received: a clock that is ahead moves nothing into the future. */
export function notAfter(time: Date, receivedAt: Date): Date {
  return time < receivedAt ? time : receivedAt
}

/** In lower case. @returns null for what is no full Git commit id */
export function readCommit(value: unknown): string | null {
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  return COMMIT.test(text) ? text : null
}

/** The commit that a release names; null if it names none. */
export function readRelease(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_RELEASE_CHARACTERS) return null
  return RELEASE.exec(value.toLowerCase())?.[1] ?? null
}

/** Text that can be stored and shown; null for none. */
export function readTitle(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.slice(0, MAX_TITLE_CHARACTERS).toWellFormed().replace(EVERY_UNPRINTABLE, ' ').trim()
  return text === '' ? null : text
}

/** A link that a page may show; null for any other. */
export function readUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_URL_CHARACTERS) return null
  const url = URL.parse(value)
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null
}

/** The paths of stack frames as they were told, sorted, each once, and no more than are kept. */
export function readPaths(values: readonly unknown[]): string[] {
  return [...new Set(values.filter(isPath))].sort().slice(0, MAX_STACK_PATHS)
}

/** `<anonymous>` and its like are none. */
function isPath(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_PATH_CHARACTERS) return false
  return value.isWellFormed() && !value.startsWith('<') && !UNPRINTABLE.test(value)
}
