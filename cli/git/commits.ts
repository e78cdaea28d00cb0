import { inputFailure } from '../failure.ts'
import { splitNul } from './raw-diff.ts'
import { askGit, git, type Repository } from './run.ts'

/** A commit, its parents as its own bytes name them: a shallow clone's grafts do not hide them. */
export interface Commit {
  readonly id: string
  readonly parents: readonly string[]
  /** Without the final line feeds; may be empty. */
  readonly message: string
}

/** The messages of a long branch are read only so far back. */
const MAX_MESSAGES = 50

/** @throws {CommandFailure} when there is no commit yet */
export async function headCommit(repository: Repository): Promise<string> {
  const id = await resolveCommit(repository, 'HEAD')
  if (id === null) {
    throw inputFailure('there is no commit yet', 'Certify what is staged (--staged), or files by naming them')
  }
  return id
}

/** @returns the full id, or null when `name` names no commit that is here */
export async function resolveCommit(repository: Repository, name: string): Promise<string | null> {
  return askGit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
}

export async function isPresent(repository: Repository, id: string): Promise<boolean> {
  return (await askGit(repository, ['cat-file', '-e', `${id}^{commit}`])) !== null
}

export async function readCommit(repository: Repository, id: string): Promise<Commit> {
  const [header = ''] = (await git(repository, ['cat-file', 'commit', id])).toString('latin1').split('\n\n')
  const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1]!)
  const [message = ''] = await readMessages(repository, ['-n1', id])
  return { id, parents, message }
}

/** The messages of `base..head`, newest first, at most {@link MAX_MESSAGES}. */
export async function messagesSince(repository: Repository, base: string, head: string): Promise<string[]> {
  return readMessages(repository, [`-n${MAX_MESSAGES}`, `${base}..${head}`])
}

async function readMessages(repository: Repository, range: readonly string[]): Promise<string[]> {
  const output = await git(repository, [
    '-c',
    'log.showSignature=false',
    '-c',
    'i18n.logOutputEncoding=UTF-8',
    'log',
    '-z',
    '--format=%B',
    ...range,
  ])
  return splitNul(output).map((message) => message.toString('utf8').trimEnd())
}

/** The id of the tree without entries: it depends on the repository's hash. */
export async function emptyTree(repository: Repository): Promise<string> {
  return (await git(repository, ['hash-object', '-t', 'tree', '/dev/null'])).toString('latin1').trim()
}
