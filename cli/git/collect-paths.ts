import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { inputFailure } from '../failure.ts'
import { MAX_CONTENT_BYTES } from '../limits.ts'
import {
  addChangedPath,
  assertCertifiable,
  assertFileCount,
  type ChangeDraft,
  type CollectedChange,
  emptyDraft,
  tooLargeFile,
} from './change.ts'
import { readCommit, resolveCommit } from './commits.ts'
import { type BlobText, readBlobs } from './objects.ts'
import { certificatePath, decodePath } from './paths.ts'
import { splitNul } from './raw-diff.ts'
import { git, type Repository } from './run.ts'
import { readWorkingFile } from './working-file.ts'

/** Files of the working tree as they are on disk, with what HEAD had of them. Folders stand for their files. */
export async function collectPaths(
  repository: Repository,
  cwd: string,
  names: readonly string[],
): Promise<CollectedChange> {
  const pathspecs = await Promise.all(names.map((name) => locate(repository, cwd, name)))
  const head = await resolveCommit(repository, 'HEAD')
  const before = await listHead(repository, head, pathspecs)
  const paths = await listPaths(repository, pathspecs, before)
  assertFileCount(paths.length, 'exactly')
  const previous = await readBlobs(repository, [...before.values()])
  const draft = emptyDraft()
  for (const path of paths) await addPath(repository, draft, path, previous.get(before.get(path) ?? ''))
  assertCertifiable(draft, names.join(' '))
  const commit =
    head !== null && isAsIn(draft) && paths.every((path) => before.has(path))
      ? await readCommit(repository, head)
      : null
  return {
    ...draft,
    // Files that are as HEAD has them are no change to HEAD: they are certified as they stand, all of their lines.
    files: commit === null ? draft.files : draft.files.map(({ path, content }) => ({ path, content })),
    filesChanged: [...draft.filesChanged],
    description: commit === null ? 'files of the working tree (against HEAD)' : 'files, all as in HEAD',
    commitSha: commit?.id ?? null,
    baseCommit: head,
    commitMessage: commit?.message ?? null,
    messages: commit === null ? [] : [commit.message],
  }
}

/** @returns the path below the repository's root, with `/`; `.` for the root itself */
export async function locate(repository: Repository, cwd: string, name: string): Promise<string> {
  const absolute = resolve(cwd, name)
  const folder = await realpath(dirname(absolute)).catch(() => dirname(absolute))
  const real = absolute === dirname(absolute) ? absolute : join(folder, basename(absolute))
  const root = await realpath(repository.root)
  const path = relative(root, real).split(sep).join('/')
  if (path === '..' || path.startsWith('../') || resolve(root, path) !== real) {
    throw inputFailure(`${name} is outside the repository ${repository.root}`)
  }
  if (/^\.git(\/|$)/i.test(path)) throw inputFailure(`${name} belongs to git itself`)
  return path === '' ? '.' : path
}

/** The blobs of HEAD below `pathspecs`, by path. */
async function listHead(
  repository: Repository,
  head: string | null,
  pathspecs: readonly string[],
): Promise<Map<string, string>> {
  const blobs = new Map<string, string>()
  if (head === null) return blobs
  const entries = splitNul(await git(repository, ['ls-tree', '-r', '-z', head, '--', ...pathspecs]))
  for (const entry of entries) {
    const tab = entry.indexOf(0x09)
    const [mode = '', , id = ''] = entry.subarray(0, tab).toString('latin1').split(' ')
    if (mode.startsWith('100')) blobs.set(decodePath(entry.subarray(tab + 1)), id)
  }
  return blobs
}

/** What is tracked, what is new and not ignored, what HEAD had, and what was named outright. */
async function listPaths(
  repository: Repository,
  pathspecs: readonly string[],
  before: ReadonlyMap<string, string>,
): Promise<string[]> {
  const listed = splitNul(
    await git(repository, [
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
      '--',
      ...pathspecs,
    ]),
  ).map((name) => decodePath(name).replace(/\/$/, ''))
  const paths = new Set([...listed, ...before.keys()])
  for (const path of pathspecs) {
    const known = paths.has(path) || path === '.' || [...paths].some((other) => other.startsWith(`${path}/`))
    if (known) continue
    const found = await lstat(join(repository.root, path)).catch(() => null)
    if (found === null) throw inputFailure(`there is no file ${path}`)
    if (!found.isDirectory()) paths.add(path)
  }
  return [...paths].sort()
}

async function addPath(
  repository: Repository,
  draft: ChangeDraft,
  path: string,
  previous: BlobText | undefined,
): Promise<void> {
  const name = certificatePath(path)
  const content = await readInside(repository, path)
  if (content === 'missing') {
    if (previous === undefined) return
    addChangedPath(draft, name)
    draft.deleted.push(name)
    return
  }
  addChangedPath(draft, name)
  if (typeof content === 'string') draft.skipped.push({ path: name, reason: content })
  else if (content.bytes > MAX_CONTENT_BYTES) throw tooLargeFile(name, content.bytes)
  else if (previous?.kind === 'too_large') throw tooLargeFile(`${name} in HEAD`, previous.bytes)
  else if (previous?.kind === 'text') {
    draft.files.push({ path: name, content: content.text, previous_content: previous.text })
  } else if (previous === undefined)
    draft.files.push({ path: name, content: content.text, previous_content: '' })
  else draft.files.push({ path: name, content: content.text })
}

/** Like {@link readWorkingFile}, but a folder on the way that is a link is not followed either. */
async function readInside(
  repository: Repository,
  path: string,
): Promise<Awaited<ReturnType<typeof readWorkingFile>>> {
  const folder = dirname(join(repository.root, path))
  const real = await realpath(folder).catch(() => folder)
  const expected = join(await realpath(repository.root), dirname(path))
  return real === expected ? readWorkingFile(join(repository.root, path)) : 'symbolic_link'
}

/** Whether every path is text that HEAD has word for word. */
function isAsIn(draft: ChangeDraft): boolean {
  return (
    draft.deleted.length === 0 &&
    draft.skipped.length === 0 &&
    draft.files.every((file) => file.content === file.previous_content)
  )
}
