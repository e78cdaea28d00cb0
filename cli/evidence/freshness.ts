import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CollectedChange } from '../git/change.ts'
import { askGit, type Repository } from '../git/run.ts'
import { readWorkingFile } from '../git/working-file.ts'

/** What a report can be measured against: a report of tests that ran before the code was written is of other code. */
export interface Freshness {
  /** When HEAD was committed, in ms; 0 without a commit. */
  readonly committedMs: number
  /** When the youngest of the changed files was written, in ms; 0 when none is there. */
  readonly writtenMs: number
  /** The commit whose contents lie in the working tree, as far as the change goes. */
  readonly commitSha: string | null
}

/** @param root of the repository, or the folder that loose files are named from */
export async function readFreshness(
  repository: Repository | null,
  root: string,
  change: CollectedChange,
): Promise<Freshness> {
  const isHere = change.commitSha !== null && (await isCheckedOut(root, change))
  return {
    committedMs: repository === null ? 0 : await headTime(repository),
    writtenMs: await lastWritten(root, change.filesChanged),
    commitSha: isHere ? change.commitSha : null,
  }
}

/** @returns why a report of `modifiedMs` is too old, in words that follow its name; null when it is not */
export function staleness(freshness: Freshness, modifiedMs: number): string | null {
  if (modifiedMs < freshness.committedMs) return 'is older than the commit'
  return modifiedMs < freshness.writtenMs ? 'is older than the changed files' : null
}

async function headTime(repository: Repository): Promise<number> {
  const commit = (await askGit(repository, ['cat-file', 'commit', 'HEAD'])) ?? ''
  const [header = ''] = commit.split('\n\n')
  return Number(/^committer .*> (\d+) [+-]\d+$/m.exec(header)?.[1] ?? 0) * 1000
}

async function lastWritten(root: string, paths: readonly string[]): Promise<number> {
  let last = 0
  for (const path of paths) {
    const found = await lstat(join(root, path)).catch(() => null)
    if (found?.isFile()) last = Math.max(last, found.mtimeMs)
  }
  return last
}

/** Line ends do not count: git may have changed them on checkout (core.autocrlf). */
async function isCheckedOut(root: string, change: CollectedChange): Promise<boolean> {
  for (const { path, content } of change.files) {
    const here = await readWorkingFile(join(root, path))
    if (typeof here === 'string') return false
    if (here.text.replaceAll('\r\n', '\n') !== content.replaceAll('\r\n', '\n')) return false
  }
  return true
}
