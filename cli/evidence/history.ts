import { type LoggedCommit, readLog, shallowBoundary } from '../git/log.ts'
import type { Repository } from '../git/run.ts'
import { MAX_HISTORY_COMMITS, MAX_HISTORY_PATH_BYTES, MAX_HISTORY_PATHS } from '../limits.ts'
import { type HistoryCommit, jsonBytes } from './evidence.ts'

/** The commits before a change, and what became of the others. */
export interface History {
  /** Newest first. */
  readonly commits: readonly HistoryCommit[]
  /** As JSON. */
  readonly bytes: number
  /** Commits left out because they changed more than {@link MAX_HISTORY_PATHS} files. */
  readonly massChanges: number
  /** Why it ends before {@link MAX_HISTORY_COMMITS}, if not with the first commit. */
  readonly cut: 'shallow' | 'size' | 'missing_objects' | null
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const UNUSABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\\]|^[A-Za-z]:/u
/** 9999-12-31T23:59:59Z, the last time that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799

/**
 * Reads which files changed together: the last {@link MAX_HISTORY_COMMITS} commits that are no merges, from `from`
 * backwards. Paths are in NFC; those that the format refuses are left out.
 *
 * @param maxBytes of its JSON: the oldest commits are left out to keep to it
 */
export async function readHistory(repository: Repository, from: string, maxBytes: number): Promise<History> {
  const boundary = await shallowBoundary(repository)
  const commits: HistoryCommit[] = []
  let bytes = 0
  let massChanges = 0
  let read = 0
  const limits = { commits: MAX_HISTORY_COMMITS, paths: MAX_HISTORY_PATHS }
  const end = await readLog(repository, from, limits, (logged) => {
    read++
    // To git it has no parents, and so changes every file.
    if (boundary?.has(logged.id)) return true
    if (logged.paths.length > MAX_HISTORY_PATHS) massChanges++
    const commit = describe(logged)
    if (commit === null) return true
    const size = jsonBytes(commit)
    if (bytes + size > maxBytes) return false
    commits.push(commit)
    bytes += size
    return true
  })
  const cutBy = { stopped: 'size', failed: 'missing_objects', whole: null } as const
  const endsEarly = boundary !== null && read < MAX_HISTORY_COMMITS
  // A clock that was set back puts a commit before its parent.
  commits.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
  return { commits, bytes, massChanges, cut: cutBy[end] ?? (endsEarly ? 'shallow' : null) }
}

function describe({ committedAt, paths }: LoggedCommit): HistoryCommit | null {
  if (paths.length > MAX_HISTORY_PATHS) return null
  if (!Number.isInteger(committedAt) || committedAt < 0 || committedAt > LAST_SECOND) return null
  const names = new Set(paths.map(historyPath).filter((path) => path !== null))
  if (names.size === 0) return null
  return { time: new Date(committedAt * 1000).toISOString().replace('.000Z', 'Z'), paths: [...names] }
}

/** A path as git stores it, as the format takes it (NFC), or null when it does not (schema/wire/text.ts). */
export function historyPath(bytes: Uint8Array): string | null {
  let path: string
  try {
    path = UTF8.decode(bytes).normalize('NFC')
  } catch {
    return null
  }
  if (Buffer.byteLength(path) > MAX_HISTORY_PATH_BYTES || UNUSABLE.test(path)) return null
  return path.split('/').some((segment) => ['', '.', '..'].includes(segment)) ? null : path
}
