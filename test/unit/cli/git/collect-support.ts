import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CollectedChange } from '../../../../cli/git/change.ts'
import { collectChange, type Selection } from '../../../../cli/git/collect.ts'
import { TestRepository, temporaryFolder } from '../support.ts'

export const LAST_COMMIT = { kind: 'last_commit' } as const
export const STAGED = { kind: 'staged' } as const
export const since = (base: string) => ({ kind: 'since', base }) as const
export const paths = (...names: string[]) => ({ kind: 'paths', paths: names }) as const

export function newRepository(...options: string[]): TestRepository {
  return new TestRepository(join(temporaryFolder(onTestFinished), 'repository'), options)
}

export async function collect(
  repository: TestRepository,
  selection: Selection = LAST_COMMIT,
  folder = '',
): Promise<CollectedChange> {
  return (await collectChange(join(repository.folder, folder), repository.env, selection)).change
}

/** What the collection refuses with: its exit code and words. */
export async function refusal(
  repository: TestRepository,
  selection: Selection = LAST_COMMIT,
): Promise<{ exitCode: number; message: string; details: string[] }> {
  const outcome = await collect(repository, selection).catch((error: unknown) => error)
  return outcome as { exitCode: number; message: string; details: string[] }
}
