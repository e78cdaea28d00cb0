import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonBytes } from '../../../../cli/evidence/evidence.ts'
import { historyPath, readHistory } from '../../../../cli/evidence/history.ts'
import { openRepository } from '../../../../cli/git/run.ts'
import { MAX_HISTORY_PATHS } from '../../../../cli/limits.ts'
import { relativePath } from '../../../../schema/wire/text.ts'
import { newRepository } from '../git/collect-support.ts'
import type { TestRepository } from '../support.ts'

const MUCH = 1024 * 1024

async function history(repository: TestRepository, maxBytes = MUCH) {
  return readHistory(await openRepository(repository.folder, repository.env), 'HEAD', maxBytes)
}

let content = 0

function commitAt(repository: TestRepository, seconds: number | string, ...names: string[]): void {
  repository.env.GIT_COMMITTER_DATE = `${seconds} +0100`
  for (const name of names) repository.write(name, `${content++}`)
  repository.commit()
}

describe('history', () => {
  it('is when which files changed, newest first, whatever the order of the commits', async () => {
    const repository = newRepository()
    commitAt(repository, 1_700_000_000, 'a', 'deep/b')
    commitAt(repository, 1_700_000_100, 'a')
    commitAt(repository, 1_700_000_050, 'c')
    commitAt(repository, 1_700_000_200)
    const found = await history(repository)
    expect(found).toMatchObject({
      commits: [
        { time: '2023-11-14T22:15:00Z', paths: ['a'] },
        { time: '2023-11-14T22:14:10Z', paths: ['c'] },
        { time: '2023-11-14T22:13:20Z', paths: ['a', 'deep/b'] },
      ],
      massChanges: 0,
      cut: null,
    })
    expect(found.bytes).toBe(found.commits.reduce((sum, commit) => sum + jsonBytes(commit), 0))
  })

  it('leaves out the names that a certificate could not have, and composes the others', async () => {
    const repository = newRepository()
    repository.git('config', 'core.precomposeUnicode', 'false')
    commitAt(repository, 1_700_000_000, 'new\nline', 'back\\slash', 'C:drive', 'bidi\u202e', 'cafe\u0301')
    commitAt(repository, 1_700_000_001, 'only\tthis')
    expect((await history(repository)).commits).toEqual([
      { time: '2023-11-14T22:13:20Z', paths: ['caf\u00e9'] },
    ])
  })

  it('leaves out changes of more than 200 files whole, and counts them', async () => {
    const repository = newRepository()
    const names = Array.from({ length: MAX_HISTORY_PATHS }, (_, i) => `f${i}`)
    commitAt(repository, 1_700_000_000, ...names, 'one more')
    commitAt(repository, 1_700_000_001, ...names)
    const { commits, massChanges } = await history(repository)
    expect(massChanges).toBe(1)
    expect(commits.map(({ paths }) => paths.length)).toEqual([MAX_HISTORY_PATHS])
  })

  it('leaves out the oldest when there is no room', async () => {
    const repository = newRepository()
    for (let i = 0; i < 5; i++) commitAt(repository, 1_700_000_000 + i, 'a')
    const one = jsonBytes({ time: '2023-11-14T22:13:20Z', paths: ['a'] })
    expect(await history(repository, one * 5)).toMatchObject({ commits: { length: 5 }, cut: null })
    const { commits, bytes, cut } = await history(repository, one * 3 + one - 1)
    expect(commits.map(({ time }) => time.slice(-3, -1))).toEqual(['24', '23', '22'])
    expect({ bytes, cut }).toEqual({ bytes: one * 3, cut: 'size' })
  })

  it('does not take the end of a shallow clone for a commit of every file', async () => {
    const origin = newRepository()
    commitAt(origin, 1_700_000_000, 'a', 'b', 'c')
    commitAt(origin, 1_700_000_001, 'a')
    commitAt(origin, 1_700_000_002, 'b')
    const clone = newRepository()
    clone.git('fetch', '-q', '--depth=2', `file://${origin.folder}`, 'main')
    clone.git('checkout', '-q', 'FETCH_HEAD')
    const { commits, cut } = await history(clone)
    expect(commits).toEqual([{ time: '2023-11-14T22:13:22Z', paths: ['b'] }])
    expect(cut).toBe('shallow')
  })

  it('leaves out a commit whose time cannot be written', async () => {
    const repository = newRepository()
    commitAt(repository, 1_700_000_000, 'a')
    const tree = repository.git('rev-parse', 'HEAD^{tree}')
    const parent = repository.git('rev-parse', 'HEAD')
    repository.env.GIT_COMMITTER_DATE = '@999999999999 +0000'
    const later = repository.git('commit-tree', '-p', parent, '-m', 'x', tree)
    repository.write('b', 'b')
    repository.git('add', '--all')
    const other = repository.git('commit-tree', '-p', later, '-m', 'y', repository.git('write-tree'))
    repository.git('reset', '-q', '--hard', other)
    expect((await history(repository)).commits.map(({ paths }) => paths)).toEqual([['a']])
  })
})

describe('a path', () => {
  const pieces = [
    'a',
    'é',
    'e\u0301',
    '/',
    '.',
    '..',
    '\\',
    ':',
    '\n',
    '\u0085',
    '\u202e',
    '\u2028',
    '\ufeff',
    '日',
  ]
  const names = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), {
    maxLength: 8,
  })

  it('is kept if, and only if, the format takes it', () => {
    fc.assert(
      fc.property(names, (parts) => {
        const name = parts.join('').toWellFormed()
        const taken = relativePath.safeParse(name.normalize('NFC'))
        expect(historyPath(Buffer.from(name))).toBe(taken.success ? taken.data : null)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['not UTF-8', Buffer.from([0x61, 0xe9]), null],
    ['as long as can be', Buffer.from('é'.repeat(512)), 'é'.repeat(512)],
    ['longer', Buffer.from(`é${'é'.repeat(512)}`), null],
  ])('%s', (_name, bytes, path) => {
    expect(historyPath(bytes)).toBe(path)
  })
})
