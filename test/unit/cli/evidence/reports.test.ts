import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Freshness } from '../../../../cli/evidence/freshness.ts'
import { gatherReports, type ReportSearch } from '../../../../cli/evidence/reports.ts'
import { openRepository } from '../../../../cli/git/run.ts'
import { newRepository } from '../git/collect-support.ts'
import { CLOVER, COBERTURA, ISTANBUL, LCOV, newFolder, SARIF, writeAt } from './evidence-support.ts'

const COMMIT = 'a'.repeat(40)
/** The commit is of second 1000, the changed files of second 2000. */
const FRESHNESS: Freshness = { committedMs: 1_000_000, writtenMs: 2_000_000, commitSha: COMMIT }
const FRESH = 3000
const NAME_IT = 'name it with --coverage'

function gather(folder: string, more: Partial<ReportSearch> = {}) {
  return gatherReports({
    kind: 'coverage',
    source: { kind: 'found' },
    cwd: folder,
    root: folder,
    repository: null,
    freshness: FRESHNESS,
    maxBytes: 1_000_000,
    ...more,
  })
}

const named = (...files: string[]) => ({ source: { kind: 'named', files } }) as const

describe('what is found', () => {
  it('is sent with the commit that it is of', async () => {
    const folder = newFolder()
    writeAt(folder, 'coverage/lcov.info', LCOV, FRESH)
    expect(await gather(folder)).toMatchObject({
      reports: [{ name: 'coverage/lcov.info', content: LCOV, commit_sha: COMMIT }],
      sent: [{ kind: 'coverage', name: 'coverage/lcov.info', format: 'LCOV', bytes: LCOV.length }],
      leftOut: [],
    })
  })

  it('names no commit when the contents are of none', async () => {
    const folder = newFolder()
    writeAt(folder, 'lcov.info', LCOV, FRESH)
    const { reports } = await gather(folder, { freshness: { ...FRESHNESS, commitSha: null } })
    expect(reports).toEqual([{ name: 'lcov.info', content: LCOV }])
  })

  it('names no commit in SARIF, which has no place for one', async () => {
    const folder = newFolder()
    writeAt(folder, 'scan.sarif', SARIF, FRESH)
    const { reports, sent } = await gather(folder, { kind: 'sarif' })
    expect(reports).toEqual([{ name: 'scan.sarif', content: SARIF }])
    expect(sent).toEqual([{ kind: 'sarif', name: 'scan.sarif', format: 'SARIF', bytes: SARIF.length }])
  })

  it.each([
    ['older than the commit', LCOV, 999, 'is older than the commit', `run the tests again, or ${NAME_IT}`],
    [
      'older than the files',
      LCOV,
      1999,
      'is older than the changed files',
      `run the tests again, or ${NAME_IT}`,
    ],
    ['in another format', CLOVER, FRESH, 'is in no format that the network reads', null],
    ['binary', Buffer.from([0]), FRESH, 'is not UTF-8 text', null],
    ['empty', '', FRESH, 'is empty', null],
  ])('is not sent when %s', async (_name, content, modified, problem, how) => {
    const folder = newFolder()
    writeAt(folder, 'coverage.xml', content, modified)
    expect(await gather(folder)).toMatchObject({
      reports: [],
      sent: [],
      leftOut: [{ kind: 'coverage', name: 'coverage.xml', problem, how }],
    })
  })

  it('is not sent when it is committed', async () => {
    const repository = newRepository()
    repository.write('coverage/lcov.info', LCOV)
    repository.write('lcov.info', LCOV)
    repository.git('add', 'coverage/lcov.info')
    const opened = await openRepository(repository.folder, repository.env)
    const { sent, leftOut } = await gather(repository.folder, { repository: opened })
    expect(sent.map(({ name }) => name)).toEqual(['lcov.info'])
    expect(leftOut).toMatchObject([{ name: 'coverage/lcov.info', how: NAME_IT }])
    expect(leftOut[0]!.problem).toContain('is committed')
  })

  it('is the first of one run that can be sent', async () => {
    const folder = newFolder()
    writeAt(folder, 'coverage/lcov.info', LCOV, 999)
    writeAt(folder, 'coverage/coverage-final.json', ISTANBUL, FRESH)
    writeAt(folder, 'coverage/cobertura-coverage.xml', COBERTURA, FRESH)
    const { sent, leftOut } = await gather(folder)
    expect(sent.map(({ name }) => name)).toEqual(['coverage/coverage-final.json'])
    expect(leftOut.map(({ name, problem }) => `${name} ${problem}`)).toEqual([
      'coverage/lcov.info is older than the commit',
      'coverage/cobertura-coverage.xml is left out: coverage/coverage-final.json is of the same run',
    ])
  })

  it('is at most 20, and no more than there is room for', async () => {
    const folder = newFolder()
    for (let i = 10; i < 32; i++) writeAt(folder, `packages/p${i}/lcov.info`, LCOV, FRESH)
    const all = await gather(folder)
    expect(all.sent).toHaveLength(20)
    expect(all.leftOut.map(({ name }) => name)).toEqual(['packages/p30/lcov.info', 'packages/p31/lcov.info'])
    expect(all.bytes).toBe(all.reports.reduce((sum, report) => sum + JSON.stringify(report).length + 1, 0))
    const some = await gather(folder, { maxBytes: all.bytes / 2 })
    expect(some.sent).toHaveLength(10)
    expect(some.leftOut[0]!.problem).toBe('does not fit')
  })

  it('is nothing when none is wanted', async () => {
    const folder = newFolder()
    writeAt(folder, 'lcov.info', LCOV, FRESH)
    expect(await gather(folder, { source: { kind: 'none' } })).toMatchObject({ reports: [], leftOut: [] })
  })
})

describe('what is named', () => {
  it('is sent whatever its age and format; only a fresh one names the commit', async () => {
    const folder = newFolder()
    writeAt(folder, 'old.xml', CLOVER, 1)
    writeAt(folder, 'new.info', LCOV, FRESH)
    const { reports, sent } = await gather(folder, named('old.xml', 'new.info', 'old.xml'))
    expect(reports).toEqual([
      { name: 'old.xml', content: CLOVER },
      { name: 'new.info', content: LCOV, commit_sha: COMMIT },
    ])
    expect(sent.map(({ format }) => format)).toEqual(['unknown format', 'LCOV'])
  })

  it('is named from the root, and by its own name alone from elsewhere', async () => {
    const folder = newFolder()
    const outside = newFolder()
    writeAt(folder, 'deep/a.info', LCOV)
    for (const name of ['x/a.info', 'y/a.info', 'a\u202e\u001b[1m.info']) writeAt(outside, name, LCOV)
    const files = [
      'a.info',
      ...['x/a.info', 'y/a.info', 'a\u202e\u001b[1m.info'].map((name) => join(outside, name)),
    ]
    const { reports } = await gather(folder, { ...named(...files), cwd: join(folder, 'deep') })
    expect(reports.map(({ name }) => name)).toEqual(['deep/a.info', 'a.info', 'a.info (2)', 'a[1m.info'])
  })

  it.each([
    ['missing', null, '--coverage a.info does not exist'],
    ['empty', '', '--coverage a.info is empty'],
    ['binary', Buffer.from([0]), '--coverage a.info is not UTF-8 text'],
    ['too large', Buffer.alloc(5 * 1024 * 1024 + 1, 'x'), '--coverage a.info has 5.0 MiB'],
    ['too large as JSON', '"'.repeat(600_000), '--coverage a.info does not fit'],
  ])('fails when it is %s', async (_name, content, message) => {
    const folder = newFolder()
    if (content !== null) writeAt(folder, 'a.info', content)
    await expect(gather(folder, named('a.info'))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    })
  })
})
