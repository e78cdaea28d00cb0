import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { describe, expect, it } from 'vitest'
import { collectEvidence } from '../../../../cli/evidence/collect.ts'
import type { EvidenceOptions } from '../../../../cli/evidence/options.ts'
import { collectChange } from '../../../../cli/git/collect.ts'
import { MAX_EVIDENCE_BYTES } from '../../../../cli/limits.ts'
import { evidenceSchema } from '../../../../schema/wire/evidence.ts'
import { LAST_COMMIT, newRepository, paths, since } from '../git/collect-support.ts'
import type { TestRepository } from '../support.ts'
import { LCOV, newFolder, SARIF, writeAt } from './evidence-support.ts'

const ALL: EvidenceOptions = {
  coverage: { kind: 'found' },
  sarif: { kind: 'found' },
  history: true,
  ci: 'off',
}
const NONE: EvidenceOptions = {
  coverage: { kind: 'none' },
  sarif: { kind: 'none' },
  history: false,
  ci: 'off',
}

const MANY = Array.from({ length: 201 }, (_, i) => `f${i}`)

/** Three commits, each of its own file. */
function repositoryWithCommits(): TestRepository {
  const repository = newRepository()
  for (const name of ['a', 'b', 'c']) {
    repository.write(name, '1')
    repository.commit(name)
  }
  return repository
}

async function collect(
  repository: TestRepository,
  options = ALL,
  selection: Parameters<typeof collectChange>[2] = LAST_COMMIT,
) {
  const steps: string[] = []
  const collection = await collectChange(repository.folder, repository.env, selection)
  const found = await collectEvidence(collection, options, repository.folder, (step) => steps.push(step))
  return { ...found, steps }
}

describe('evidence', () => {
  it('is all that is there, in the shape of the wire, with its hash', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'lcov.info', LCOV)
    writeAt(repository.folder, 'scan.sarif', SARIF)
    const { evidence, sha256, sent, leftOut, steps } = await collect(repository)
    expect(evidenceSchema.parse(evidence)).toEqual(evidence)
    expect(evidence).toMatchObject({
      coverage: [{ name: 'lcov.info', commit_sha: repository.git('rev-parse', 'HEAD') }],
      sarif: [{ name: 'scan.sarif' }],
      history: [{ paths: ['b'] }, { paths: ['a'] }],
    })
    expect(sha256).toBe(createHash('sha256').update(canonicalize(evidence)!).digest('hex'))
    expect(sent.map(({ kind, name }) => [kind, name])).toEqual([
      ['coverage', 'lcov.info'],
      ['sarif', 'scan.sarif'],
      ['history', '2 commits'],
    ])
    expect(leftOut).toEqual([])
    expect(steps).toEqual(['looking for reports', 'reading history', 'reading history … 2 commits'])
  })

  it('of none is none', async () => {
    const found = await collect(repositoryWithCommits(), NONE)
    expect(found).toMatchObject({ evidence: null, sha256: null, sent: [] })
    expect(found.leftOut.map(({ problem }) => problem)).toEqual([
      '--no-coverage',
      '--no-sarif',
      '--no-history',
    ])
  })

  it('that is not there is said, with what to do', async () => {
    const { leftOut } = await collect(repositoryWithCommits())
    expect(leftOut).toEqual([
      {
        kind: 'coverage',
        name: null,
        problem: 'no report was found',
        how: expect.stringContaining('--coverage'),
      },
      { kind: 'sarif', name: null, problem: 'no report was found', how: expect.stringContaining('--sarif') },
    ])
  })
})

describe('history', () => {
  it.each([
    ['a commit', LAST_COMMIT, ['b', 'a']],
    ['a branch', since('HEAD~2'), ['a']],
    ['files', paths('c'), ['c', 'b', 'a']],
  ])('of %s ends before the change', async (_name, selection, expected) => {
    const { evidence } = await collect(repositoryWithCommits(), ALL, selection)
    expect(evidence?.history?.flatMap((commit) => commit.paths)).toEqual(expected)
  })

  it('of a merge is that of the branch merged into', async () => {
    const repository = newRepository()
    repository.write('a', '1')
    repository.commit()
    repository.git('switch', '-q', '-c', 'side')
    repository.write('side', '1')
    repository.commit()
    repository.git('switch', '-q', 'main')
    repository.write('main', '1')
    repository.commit()
    repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side')
    const { evidence } = await collect(repository)
    expect(evidence?.history?.flatMap((commit) => commit.paths).sort()).toEqual(['a', 'main'])
  })

  it.each([
    ['of the first commit', [['a']], 'there is no commit before the change'],
    ['of empty commits', [[], ['a']], 'no commit before it changed a file'],
    ['of mass changes', [MANY, ['a']], '1 commit of more than 200 files left out'],
  ])('%s is none', async (_name, commits, problem) => {
    const repository = newRepository()
    for (const names of commits) {
      for (const name of names) repository.write(name, '1')
      repository.commit()
    }
    const { leftOut, evidence } = await collect(repository)
    expect(leftOut.filter(({ kind }) => kind === 'history')).toMatchObject([{ problem }])
    expect(evidence).toBeNull()
  })

  it('of a shallow clone is cut, and says how to get it', async () => {
    const origin = repositoryWithCommits()
    const clone = newRepository()
    clone.git('fetch', '-q', '--depth=2', `file://${origin.folder}`, 'main')
    clone.git('reset', '-q', '--hard', 'FETCH_HEAD')
    const { leftOut, evidence } = await collect(clone)
    expect(evidence).toBeNull()
    expect(leftOut.filter(({ kind }) => kind === 'history')).toMatchObject([
      { problem: 'ends early: this is a shallow clone', how: expect.stringContaining('fetch-depth: 0') },
    ])
  })

  it('takes the room that reports leave', async () => {
    const repository = newRepository()
    const names = Array.from({ length: 200 }, (_, i) => `${'x'.repeat(200)}${i}`)
    for (let round = 0; round < 3; round++) {
      for (const name of names) repository.write(name, `${round}`)
      repository.commit()
    }
    repository.write('a', '1')
    repository.commit()
    writeAt(repository.folder, 'lcov.info', LCOV + '#'.repeat(MAX_EVIDENCE_BYTES - 100_000))
    const { evidence, leftOut } = await collect(repository)
    expect(evidence?.history).toHaveLength(2)
    expect(evidence?.coverage).toHaveLength(1)
    expect(Buffer.byteLength(JSON.stringify(evidence))).toBeLessThanOrEqual(MAX_EVIDENCE_BYTES)
    expect(leftOut.filter(({ kind }) => kind === 'history')).toMatchObject([
      { problem: 'ends early: older commits do not fit' },
    ])
  })
})

it('a named report comes before found ones when there is little room', async () => {
  const repository = repositoryWithCommits()
  const large = MAX_EVIDENCE_BYTES - 1000
  writeAt(repository.folder, 'lcov.info', LCOV.padEnd(large, '#'))
  const file = writeAt(newFolder(), 'scan.sarif', SARIF.padEnd(large, ' '))
  const { sent, leftOut } = await collect(repository, { ...ALL, sarif: { kind: 'named', files: [file] } })
  expect(sent.map(({ kind }) => kind)).toEqual(['sarif', 'history'])
  expect(leftOut).toMatchObject([{ kind: 'coverage', problem: 'does not fit' }])
})

it('files outside a repository have reports and no history', async () => {
  const folder = newFolder()
  writeAt(folder, 'a.ts', 'a', 1)
  writeAt(folder, 'lcov.info', LCOV)
  const env = { PATH: process.env.PATH, GIT_CEILING_DIRECTORIES: `${folder}/..` }
  const collection = await collectChange(folder, env, paths('a.ts'))
  const { evidence } = await collectEvidence(collection, ALL, folder, () => {})
  expect(evidence).toEqual({ coverage: [{ name: 'lcov.info', content: LCOV }] })
})
