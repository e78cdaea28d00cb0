import { relative, resolve, sep } from 'node:path'
import { inputFailure } from '../failure.ts'
import { MAX_CONTENT_BYTES } from '../limits.ts'
import {
  addChangedPath,
  assertCertifiable,
  type CollectedChange,
  emptyDraft,
  tooLargeFile,
} from './change.ts'
import { certificatePath } from './paths.ts'
import { readWorkingFile } from './working-file.ts'

/** Files that are in no repository: named one by one, for nothing tells which files of a folder are meant. */
export async function collectLooseFiles(cwd: string, names: readonly string[]): Promise<CollectedChange> {
  const draft = emptyDraft()
  for (const name of names) {
    const file = resolve(cwd, name)
    const path = relative(cwd, file).split(sep).join('/')
    if (path.startsWith('../')) throw inputFailure(`${name} is outside the working directory`)
    const content = await readWorkingFile(file)
    if (content === 'missing') throw inputFailure(`there is no file ${name}`)
    if (content === 'submodule') {
      throw inputFailure(`${name} is a folder: outside a git repository name its files one by one`)
    }
    addChangedPath(draft, certificatePath(path))
    if (typeof content === 'string') draft.skipped.push({ path, reason: content })
    else if (content.bytes > MAX_CONTENT_BYTES) throw tooLargeFile(path, content.bytes)
    else draft.files.push({ path: certificatePath(path), content: content.text })
  }
  assertCertifiable(draft, names.join(' '))
  return {
    ...draft,
    filesChanged: [...draft.filesChanged],
    description: 'files outside a git repository',
    commitSha: null,
    baseCommit: null,
    commitMessage: null,
    messages: [],
  }
}
