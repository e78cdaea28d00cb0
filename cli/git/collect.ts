import type { CollectedChange } from './change.ts'
import { collectLastCommit, collectSince, collectStaged } from './collect-diff.ts'
import { collectLooseFiles } from './collect-loose.ts'
import { collectPaths } from './collect-paths.ts'
import { repositoryName } from './repository-name.ts'
import { askGit, NoRepository, openRepository, type Repository } from './run.ts'

/** Which change is meant. `paths` are as the user wrote them, relative to the working directory. */
export type Selection =
  | { readonly kind: 'last_commit' }
  | { readonly kind: 'since'; readonly base: string }
  | { readonly kind: 'staged' }
  | { readonly kind: 'paths'; readonly paths: readonly string[] }

/** A change, and where it was found. */
export interface Collection {
  readonly change: CollectedChange
  /** Null for files that are in none. */
  readonly repository: Repository | null
  /** The public name that the repository's `origin` gives it. */
  readonly repositoryName: string | null
}

/**
 * Collects a change from git, with the contents before it. Files that are named need no repository; what they
 * were before is not known without one.
 *
 * @throws {CommandFailure} (exit code 2) when there is no repository, no change, or too much of it
 */
export async function collectChange(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  selection: Selection,
): Promise<Collection> {
  let repository: Repository
  try {
    repository = await openRepository(cwd, env)
  } catch (error) {
    if (!(error instanceof NoRepository) || selection.kind !== 'paths') throw error
    return {
      change: await collectLooseFiles(cwd, selection.paths),
      repository: null,
      repositoryName: null,
    }
  }
  const origin = askGit(repository, ['config', '--get', 'remote.origin.url'])
  const change = await collectSelection(repository, cwd, selection)
  const url = await origin
  return { change, repository, repositoryName: url === null ? null : repositoryName(url) }
}

function collectSelection(
  repository: Repository,
  cwd: string,
  selection: Selection,
): Promise<CollectedChange> {
  switch (selection.kind) {
    case 'last_commit':
      return collectLastCommit(repository)
    case 'since':
      return collectSince(repository, selection.base)
    case 'staged':
      return collectStaged(repository)
    case 'paths':
      return collectPaths(repository, cwd, selection.paths)
  }
}
