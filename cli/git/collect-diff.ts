import { inputFailure } from '../failure.ts'
import {
  addChangedPath,
  assertCertifiable,
  assertFileCount,
  type ChangeDraft,
  type CollectedChange,
  emptyDraft,
  tooLargeFile,
} from './change.ts'
import { emptyTree, headCommit, isPresent, messagesSince, readCommit, resolveCommit } from './commits.ts'
import { type BlobText, readBlobs } from './objects.ts'
import { certificatePath } from './paths.ts'
import { parseRawDiff, type RawChange, SUBMODULE_MODE, SYMLINK_MODE } from './raw-diff.ts'
import { askGit, git, type Repository } from './run.ts'

/** Renames are looked for among at most this many files: more than a certificate takes. */
const RENAME_LIMIT = 1000
const RAW_DIFF = ['--raw', '-z', '--no-abbrev', '-M', `-l${RENAME_LIMIT}`, '--ignore-submodules=none']
const SHOWN_ID_CHARACTERS = 12

/** The last commit against its first parent, or against the empty tree when it has none. */
export async function collectLastCommit(repository: Repository): Promise<CollectedChange> {
  const commit = await readCommit(repository, await headCommit(repository))
  const [parent] = commit.parents
  if (parent !== undefined && !(await isPresent(repository, parent))) throw missingParent(commit.id)
  const draft = await collect(repository, [
    'diff-tree',
    '-r',
    ...RAW_DIFF,
    parent ?? (await emptyTree(repository)),
    commit.id,
  ])
  assertCertifiable(draft, 'the last commit')
  const against = parent === undefined ? 'the first one' : 'against its parent'
  return finish(draft, {
    description: `commit ${commit.id.slice(0, SHOWN_ID_CHARACTERS)} (${against})`,
    commitSha: commit.id,
    baseCommit: parent ?? null,
    commitMessage: commit.message,
    messages: [commit.message],
  })
}

/** What HEAD adds to `base`: against their merge base, as a pull request shows it. */
export async function collectSince(repository: Repository, base: string): Promise<CollectedChange> {
  const baseId = await resolveCommit(repository, base)
  if (baseId === null) throw inputFailure(`--base ${base} names no commit here`, 'Is it fetched? git fetch')
  const commit = await readCommit(repository, await headCommit(repository))
  const mergeBase = await askGit(repository, ['merge-base', baseId, commit.id])
  if (mergeBase === null) throw noMergeBase(base)
  const draft = await collect(repository, ['diff-tree', '-r', ...RAW_DIFF, mergeBase, commit.id])
  assertCertifiable(draft, `HEAD, against ${base},`)
  return finish(draft, {
    description: `commit ${commit.id.slice(0, SHOWN_ID_CHARACTERS)}, all since ${base} (${mergeBase.slice(0, SHOWN_ID_CHARACTERS)})`,
    commitSha: commit.id,
    baseCommit: mergeBase,
    commitMessage: commit.message,
    messages: await messagesSince(repository, mergeBase, commit.id),
  })
}

/** The index against HEAD: what the next commit would be. */
export async function collectStaged(repository: Repository): Promise<CollectedChange> {
  const head = await resolveCommit(repository, 'HEAD')
  const before = head ?? (await emptyTree(repository))
  const draft = await collect(repository, ['diff-index', '--cached', ...RAW_DIFF, before])
  assertCertifiable(draft, 'the index')
  return finish(draft, {
    description: 'what is staged (against HEAD)',
    commitSha: null,
    baseCommit: head,
    commitMessage: null,
    messages: [],
  })
}

async function collect(repository: Repository, command: readonly string[]): Promise<ChangeDraft> {
  const changes = parseRawDiff(await git(repository, command))
  assertFileCount(changes.length, 'exactly')
  const blobs = await readBlobs(repository, changes.flatMap(neededBlobs))
  const draft = emptyDraft()
  for (const change of changes) addChange(draft, change, blobs)
  return draft
}

function neededBlobs(change: RawChange): string[] {
  if (!isRegular(change.newMode)) return []
  return isRegular(change.oldMode) ? [change.newId, change.oldId] : [change.newId]
}

function addChange(draft: ChangeDraft, change: RawChange, blobs: ReadonlyMap<string, BlobText>): void {
  const path = certificatePath(change.path)
  addChangedPath(draft, path)
  if (change.status === 'R' && change.oldPath !== null) addFormerName(draft, certificatePath(change.oldPath))
  if (change.status === 'D') draft.deleted.push(path)
  else if (change.newMode === SYMLINK_MODE) draft.skipped.push({ path, reason: 'symbolic_link' })
  else if (change.newMode === SUBMODULE_MODE) draft.skipped.push({ path, reason: 'submodule' })
  else addFile(draft, path, blobs.get(change.newId)!, blobs.get(change.oldId))
}

/** A rename that only changes the normalisation of its name leaves one name. */
function addFormerName(draft: ChangeDraft, oldPath: string): void {
  if (draft.filesChanged.has(oldPath)) return
  addChangedPath(draft, oldPath)
  draft.deleted.push(oldPath)
}

function addFile(draft: ChangeDraft, path: string, content: BlobText, previous: BlobText | undefined): void {
  if (content.kind === 'binary') draft.skipped.push({ path, reason: 'binary' })
  else if (content.kind === 'too_large') throw tooLargeFile(path, content.bytes)
  else if (previous?.kind === 'too_large') throw tooLargeFile(`${path} before the change`, previous.bytes)
  else if (previous?.kind === 'text') {
    draft.files.push({ path, content: content.text, previous_content: previous.text })
  } else if (previous === undefined) draft.files.push({ path, content: content.text, previous_content: '' })
  else draft.files.push({ path, content: content.text })
}

function isRegular(mode: string): boolean {
  return mode.startsWith('100')
}

function finish(
  draft: ChangeDraft,
  more: Pick<CollectedChange, 'description' | 'commitSha' | 'baseCommit' | 'commitMessage' | 'messages'>,
): CollectedChange {
  return { ...draft, filesChanged: [...draft.filesChanged], ...more }
}

function missingParent(commit: string) {
  return inputFailure(
    `this shallow clone lacks the parent of ${commit.slice(0, SHOWN_ID_CHARACTERS)}, so its change is not known`,
    'Fetch the history: git fetch --unshallow; in GitHub Actions, actions/checkout with fetch-depth: 0',
  )
}

function noMergeBase(base: string) {
  return inputFailure(
    `HEAD and ${base} have no common ancestor here`,
    'In a shallow clone fetch more: git fetch --deepen=100, or git fetch --unshallow',
  )
}
