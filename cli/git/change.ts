import { inputFailure } from '../failure.ts'
import { MAX_CONTENT_BYTES, MAX_FILES } from '../limits.ts'

/** A file as the API takes it: `previous_content` is empty for a new file, absent where all lines are meant. */
export interface CollectedFile {
  readonly path: string
  readonly content: string
  readonly previous_content?: string
}

export type SkipReason = 'binary' | 'symbolic_link' | 'submodule' | 'not_a_regular_file'

/** A changed path whose content is not sent. It stays in `files_changed`. */
export interface SkippedFile {
  readonly path: string
  readonly reason: SkipReason
}

/** A change as git has it, ready to be sent. Paths are relative to the repository's root, in NFC. */
export interface CollectedChange {
  /** What it is, in words: `commit 1a2b3c4 (against its parent)`. */
  readonly description: string
  readonly files: readonly CollectedFile[]
  /** Every path of the change: also deleted ones, former names, and those that are skipped. */
  readonly filesChanged: readonly string[]
  readonly deleted: readonly string[]
  readonly skipped: readonly SkippedFile[]
  /** Only when the contents are those of this commit. */
  readonly commitSha: string | null
  /** The newest commit before the change: its history begins there. Null when there is none. */
  readonly baseCommit: string | null
  readonly commitMessage: string | null
  /** The messages of the commits that the change is made of, newest first. */
  readonly messages: readonly string[]
}

/** What is known of a change before its limits are checked. */
export interface ChangeDraft {
  readonly files: CollectedFile[]
  readonly filesChanged: Set<string>
  readonly deleted: string[]
  readonly skipped: SkippedFile[]
}

export function emptyDraft(): ChangeDraft {
  return { files: [], filesChanged: new Set(), deleted: [], skipped: [] }
}

/**
 * Adds the next path of a change.
 *
 * @throws {CommandFailure} when two names are one in NFC: the certificate could not tell them apart
 */
export function addChangedPath(draft: ChangeDraft, path: string): void {
  if (draft.filesChanged.has(path)) {
    throw inputFailure(`two file names are the same in Unicode NFC: ${JSON.stringify(path)}`)
  }
  draft.filesChanged.add(path)
  assertFileCount(draft.filesChanged.size)
}

export function assertFileCount(count: number, known: 'exactly' | 'at least' = 'at least'): void {
  if (count <= MAX_FILES) return
  throw inputFailure(
    `the change has ${known === 'at least' ? 'more than 500' : count} files; a certificate takes at most ${MAX_FILES}`,
    'Certify it in parts, by naming files or folders: coderisk certify PATHS…',
  )
}

export function tooLargeFile(path: string, bytes: number) {
  return inputFailure(
    `${path} has ${megabytes(bytes)} of text; a certificate takes at most ${megabytes(MAX_CONTENT_BYTES)}`,
    'Certify the other files by naming them: coderisk certify PATHS…',
  )
}

/**
 * Refuses what the API would refuse: no text at all, or too much of it.
 *
 * @param subject what was collected, for the message: `the last commit`
 */
export function assertCertifiable(draft: ChangeDraft, subject: string): void {
  if (draft.filesChanged.size === 0) throw inputFailure(`${subject} changes no file: nothing to certify`)
  if (draft.files.length === 0) {
    throw inputFailure(
      `${subject} leaves no text to certify: all ${draft.filesChanged.size} of its files are deleted or skipped`,
      ...draft.skipped
        .map(({ path, reason }) => `skipped ${path}: ${reason.replaceAll('_', ' ')}`)
        .slice(0, 10),
    )
  }
  assertTotal(
    'its contents',
    draft.files.map((file) => file.content),
  )
  assertTotal(
    'their previous contents',
    draft.files.map((file) => file.previous_content ?? ''),
  )
}

function assertTotal(what: string, texts: readonly string[]): void {
  const total = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (total <= MAX_CONTENT_BYTES) return
  throw inputFailure(
    `the change is too large: ${what} are ${megabytes(total)}; a certificate takes at most ${megabytes(MAX_CONTENT_BYTES)}`,
    'Certify it in parts, by naming files or folders: coderisk certify PATHS…',
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`
}
