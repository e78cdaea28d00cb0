import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LoggedCommit, LogReader, readLog, shallowBoundary } from '../../../../cli/git/log.ts'
import { openRepository } from '../../../../cli/git/run.ts'
import type { TestRepository } from '../support.ts'
import { newRepository } from './collect-support.ts'

const ALL = { commits: 100, paths: 100 }

async function log(repository: TestRepository, from = 'HEAD', limits = ALL) {
  const commits: [string, string[]][] = []
  const opened = await openRepository(repository.folder, repository.env)
  const end = await readLog(opened, from, limits, ({ id, paths }) => {
    commits.push([id, paths.map((path) => path.toString('utf8'))])
    return true
  })
  return { end, commits }
}

describe('the log', () => {
  it('has the paths of every commit, whatever their names, newest first', async () => {
    const repository = newRepository()
    repository.env.GIT_COMMITTER_DATE = '1700000000 +0000'
    for (const name of ['a', ' lead', 'new\nline', '"q"', '*', 'ü', 'deep/b']) repository.write(name, '1')
    const first = repository.commit()
    repository.env.GIT_COMMITTER_DATE = '1700000001 +0000'
    const empty = repository.commit()
    repository.git('mv', 'a', 'c')
    const renamed = repository.commit()
    expect(await log(repository)).toEqual({
      end: 'whole',
      commits: [
        [renamed, ['a', 'c']],
        [empty, []],
        [first, [' lead', '"q"', '*', 'a', 'deep/b', 'new\nline', 'ü']],
      ],
    })
  })

  it('leaves merges out, and keeps what they merged', async () => {
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
    const { commits } = await log(repository)
    expect(commits.map(([, paths]) => paths.join()).sort()).toEqual(['a', 'main', 'side'])
  })

  it('is not bent by settings of the repository', async () => {
    const repository = newRepository()
    repository.write('deep/a', '1')
    repository.commit()
    const settings = {
      'log.showSignature': 'true',
      'log.showRoot': 'false',
      'diff.relative': 'true',
      'diff.renames': 'copies',
      'color.ui': 'always',
      'notes.displayRef': '*',
      'format.pretty': 'fuller',
    }
    for (const [name, value] of Object.entries(settings)) repository.git('config', name, value)
    repository.git('notes', 'add', '-m', 'noted')
    expect((await log(repository)).commits).toEqual([[repository.git('rev-parse', 'HEAD'), ['deep/a']]])
  })

  it('keeps so many commits, and one path more than wanted', async () => {
    const repository = newRepository()
    for (const name of ['a', 'b', 'c', 'd']) repository.write(name, '1')
    repository.commit()
    repository.write('a', '2')
    const last = repository.commit()
    expect((await log(repository, 'HEAD', { commits: 1, paths: 9 })).commits).toEqual([[last, ['a']]])
    expect((await log(repository, 'HEAD~1', { commits: 9, paths: 2 })).commits[0]![1]).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('ends when it is told to, and says when git fails', async () => {
    const repository = newRepository()
    repository.write('a', '1')
    repository.commit()
    repository.write('a', '2')
    repository.commit()
    const opened = await openRepository(repository.folder, repository.env)
    expect(await readLog(opened, 'HEAD', ALL, () => false)).toBe('stopped')
    expect(await readLog(opened, 'no-such', ALL, () => true)).toBe('failed')
  })

  it('fetches nothing that a partial clone lacks', async () => {
    const origin = newRepository()
    for (const text of ['1', '2', '3']) {
      origin.write('deep/a', text)
      origin.commit()
    }
    origin.git('config', 'uploadpack.allowFilter', 'true')
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
    const clone = cloneOf(origin, '--filter=tree:0')
    const missing = () =>
      clone.git('rev-list', '--objects', '--all', '--missing=print').match(/^\?/gm)?.length
    const before = missing()
    expect(before).toBeGreaterThan(0)
    expect(await log(clone, 'HEAD~1')).toEqual({ end: 'failed', commits: [] })
    expect(missing()).toBe(before)
    expect((await log(cloneOf(origin, '--filter=blob:none'))).commits).toHaveLength(3)
  })

  it('of a shallow clone has a boundary', async () => {
    const origin = newRepository()
    for (const text of ['1', '2', '3']) {
      origin.write('a', text)
      origin.commit()
    }
    const clone = cloneOf(origin, '--depth=2')
    const opened = await openRepository(clone.folder, clone.env)
    expect(await shallowBoundary(opened)).toEqual(new Set([clone.git('rev-parse', 'HEAD~1')]))
    const whole = await openRepository(origin.folder, origin.env)
    expect(await shallowBoundary(whole)).toBeNull()
  })
})

function cloneOf(origin: TestRepository, option: string): TestRepository {
  const clone = newRepository()
  clone.git('remote', 'add', 'origin', `file://${origin.folder}`)
  clone.git('fetch', '-q', option, 'origin', 'main')
  clone.git('checkout', '-q', 'FETCH_HEAD')
  return clone
}

describe('the reader', () => {
  function readAll(output: Buffer, cuts: readonly number[]): LoggedCommit[] {
    const commits: LoggedCommit[] = []
    const reader = new LogReader(5, (commit) => commits.push(commit) > 0)
    const ends = [...cuts.map((cut) => cut % (output.length + 1)), output.length].sort((a, b) => a - b)
    let start = 0
    for (const end of ends) {
      reader.read(output.subarray(start, end))
      start = end
    }
    reader.finish()
    return commits
  }

  const pathBytes = fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) => bytes.map((byte) => byte || 1))
  const commits = fc.array(fc.tuple(fc.nat(), fc.array(pathBytes, { maxLength: 5 })), { maxLength: 6 })
  const cuts = fc.array(fc.nat(), { maxLength: 8 })

  it('reads what git writes, wherever it is cut', () => {
    fc.assert(
      fc.property(commits, cuts, (given, cuts) => {
        const output = Buffer.concat(
          given.flatMap(([time, paths]) => [
            Buffer.from(`\0${'a'.repeat(40)} ${time}\0`),
            ...paths.map((path, i) =>
              Buffer.concat([Buffer.from(i === 0 ? '\n' : ''), path, Buffer.from([0])]),
            ),
          ]),
        )
        const read = readAll(output, cuts).map(({ committedAt, paths }) => [
          committedAt,
          paths.map((path) => [...path]),
        ])
        expect(read).toEqual(given.map(([time, paths]) => [time, paths.map((path) => [...path])]))
      }),
    )
  })

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, cuts) => {
        for (const { paths } of readAll(Buffer.from(bytes), cuts)) expect(paths.length).toBeLessThanOrEqual(6)
      }),
    )
  })

  it('has enough of a name without an end', () => {
    const reader = new LogReader(5, () => true)
    const piece = Buffer.alloc(40_000, 'x')
    expect([reader.read(piece), reader.read(piece)]).toEqual([true, false])
  })
})
