import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Freshness, readFreshness, staleness } from '../../../../cli/evidence/freshness.ts'
import { collectChange } from '../../../../cli/git/collect.ts'
import { LAST_COMMIT, newRepository, paths, STAGED } from '../git/collect-support.ts'
import type { TestRepository } from '../support.ts'
import { newFolder, writeAt } from './evidence-support.ts'

const COMMITTED = 1_700_000_000

function committed(): TestRepository {
  const repository = newRepository()
  repository.env.GIT_COMMITTER_DATE = `${COMMITTED} +0200`
  repository.write('a.ts', 'a\n')
  repository.commit('one\n\ncommitter X <x@y> 1 +0000')
  writeAt(repository.folder, 'a.ts', 'a\n', COMMITTED - 100)
  return repository
}

async function freshness(
  repository: TestRepository,
  selection = LAST_COMMIT as Parameters<typeof collectChange>[2],
) {
  const collection = await collectChange(repository.folder, repository.env, selection)
  return readFreshness(collection.repository, repository.folder, collection.change)
}

describe('a commit that is checked out', () => {
  it('has its time, its files, and its id', async () => {
    const repository = committed()
    expect(await freshness(repository)).toEqual({
      committedMs: COMMITTED * 1000,
      writtenMs: (COMMITTED - 100) * 1000,
      commitSha: repository.git('rev-parse', 'HEAD'),
    })
  })

  it('may have other line ends', async () => {
    const repository = committed()
    writeAt(repository.folder, 'a.ts', 'a\r\n')
    expect((await freshness(repository)).commitSha).toBe(repository.git('rev-parse', 'HEAD'))
  })

  it('lends its id to no other contents', async () => {
    const repository = committed()
    writeAt(repository.folder, 'a.ts', 'b\n', COMMITTED + 5)
    expect(await freshness(repository)).toMatchObject({ writtenMs: (COMMITTED + 5) * 1000, commitSha: null })
    rmSync(join(repository.folder, 'a.ts'))
    expect(await freshness(repository)).toMatchObject({ writtenMs: 0, commitSha: null })
  })
})

it.each([
  ['what is staged', STAGED],
  ['files that differ from HEAD', paths('a.ts')],
])('%s has no commit', async (_name, selection) => {
  const repository = committed()
  writeAt(repository.folder, 'a.ts', 'b\n')
  repository.git('add', '--all')
  expect(await freshness(repository, selection)).toMatchObject({
    committedMs: COMMITTED * 1000,
    commitSha: null,
  })
})

it('files outside a repository have an age', async () => {
  const folder = newFolder()
  writeAt(folder, 'a.ts', 'a', 1000)
  const env = { PATH: process.env.PATH, GIT_CEILING_DIRECTORIES: join(folder, '..') }
  const { change, repository } = await collectChange(folder, env, paths('a.ts'))
  expect(await readFreshness(repository, folder, change)).toEqual({
    committedMs: 0,
    writtenMs: 1_000_000,
    commitSha: null,
  })
})

const known: Freshness = { committedMs: 5000, writtenMs: 7000, commitSha: null }

it.each([
  [4999, 'is older than the commit'],
  [5000, 'is older than the changed files'],
  [6999, 'is older than the changed files'],
  [7000, null],
])('a report of %d ms: %s', (modifiedMs, words) => {
  expect(staleness(known, modifiedMs)).toBe(words)
})
