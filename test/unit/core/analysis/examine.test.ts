import { describe, expect, test } from 'vitest'
import { examine } from '../../../../core/analysis/examine.ts'
import { MODEL_VERSION, predict } from '../../../../core/analysis/risk/model.ts'
import { NO_EVIDENCE } from '../../../../core/evidence/read.ts'
import { hashCode, hashFiles } from '../../../../core/verify/code-hash.ts'
import { lcov } from '../../../support/evidence.ts'
import { syntaxForTests } from '../../../support/grammars.ts'
import { issueRequest, refusalCode } from '../requests.ts'
import { examineRequest, SECRET } from './analysis-support.ts'

describe('what a change is', () => {
  test('files: hashed as a manifest, named by their paths', async () => {
    const files = [
      { path: 'src/b.ts', content: 'b\n' },
      { path: 'src/a.ts', content: 'a\n' },
    ]
    expect(await examineRequest({ files })).toMatchObject({
      codeHash: await hashFiles(files),
      codeHashMethod: 'sha256-manifest',
      filesChanged: ['src/b.ts', 'src/a.ts'],
      change: { files: 2, directories: 1, subsystems: 1, lines_added: 2, lines_deleted: 0, entropy: 1 },
    })
  })

  test('code: hashed as it is', async () => {
    const given = { files: undefined, code: 'a\n', files_changed: ['x.ts'] }
    expect(await examineRequest(given)).toMatchObject({
      codeHash: await hashCode('a\n'),
      codeHashMethod: 'sha256',
      filesChanged: ['x.ts'],
      comparedPaths: ['x.ts'],
    })
  })

  test('files_changed may name more than was sent, and counts for the spread', async () => {
    const given = { files: [{ path: 'a', content: 'a\n' }], files_changed: ['a', 'gone/b'] }
    expect(await examineRequest(given)).toMatchObject({
      filesChanged: ['a', 'gone/b'],
      change: { files: 2, directories: 2 },
    })
  })

  test('a patch that does not apply is invalid input', async () => {
    const request = issueRequest({ files: [{ path: 'a', content: 'a\n', patch: 'no' }] })
    expect(await refusalCode(examine(request, await syntaxForTests()))).toBe('invalid_input')
  })

  test('a report that cannot be read is refused', async () => {
    const request = issueRequest({ evidence: { coverage: [{ name: 'x', content: 'x' }] } })
    expect(await refusalCode(examine(request, await syntaxForTests()))).toBe('evidence_unreadable')
  })

  test('the same change is the same each time', async () => {
    const given = { files: [{ path: 'a.ts', content: `'${SECRET}'\nx\n`, previous_content: 'x\n' }] }
    expect(await examineRequest(given)).toEqual(await examineRequest(given))
  })
})

describe('what is compared and read of it', () => {
  test('files of languages that are understood, with their added lines', async () => {
    const examination = await examineRequest({
      files: [
        { path: 'a.rb', content: 'a = 1\n' },
        { path: 'b.ts', content: 'const b = 1\n', previous_content: 'const b = 1\n' },
        { path: 'c.ts', content: 'const c = [1, 2]\n' },
      ],
    })
    expect([...examination.tokens.keys()]).toEqual(['b.ts', 'c.ts'])
    expect(examination.comparedPaths).toEqual(['c.ts'])
    expect(examination.grams).toHaveLength(1)
    expect(examination.grams[0]!.tokensSeen).toBeGreaterThan(0)
  })

  test('but none that is nested too deep for anybody to read, whether a rule has words in it or not', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}\n`
    const files = [
      { path: 'a.ts', content: nested(257) },
      { path: 'b.ts', content: nested(256) },
    ]
    const { comparedPaths, scan } = await examineRequest({ files })
    expect(comparedPaths).toEqual(['b.ts'])
    expect(scan.unscanned).toBe(1)
  })

  test('but none that is too long for anybody to read', async () => {
    const examination = await examineRequest({
      files: [
        { path: 'a.py', content: 'x = 1\n'.repeat(50_001) },
        { path: 'b.py', content: `x = [${'1,'.repeat(10_001)}]\n` },
        { path: 'c.py', content: 'x = 1\n'.repeat(50_000) },
      ],
    })
    expect([...examination.tokens.keys()]).toEqual(['c.py'])
    expect(examination.comparedPaths).toEqual(['c.py'])
  })

  test.each([undefined, {}])('evidence %j is none', async (evidence) => {
    const examination = await examineRequest({ evidence })
    expect(examination.evidence).toEqual(NO_EVIDENCE)
  })

  test('evidence keeps the names of its reports', async () => {
    const coverage = [{ name: 'lcov.info', content: lcov({ 'src/sum.ts': { 1: 1 } }) }]
    expect((await examineRequest({ evidence: { coverage } })).evidence.coverage).toMatchObject([
      { name: 'lcov.info', report: { format: 'lcov' } },
    ])
  })
})

describe('the prediction', () => {
  const FEATURES = { la: 1, ld: 0, nf: 1, nd: 1, ns: 1, entropy: 0 }

  test('is the model of the size and spread, with the purpose where a message tells it', async () => {
    expect(MODEL_VERSION).toMatch(/^jit-/)
    const of = async (commit_message?: string) => (await examineRequest({ commit_message })).prediction
    expect(await of()).toEqual(predict({ ...FEATURES, fix: null }))
    expect(await of('Add a sum')).toEqual(predict({ ...FEATURES, fix: false }))
    expect(await of('Fix the sum')).toEqual(predict({ ...FEATURES, fix: true }))
  })

  test('takes a message of nothing but white space for none', async () => {
    expect(await examineRequest({ commit_message: ' \n' })).toEqual(await examineRequest())
  })

  test.each(['Add a sum', 'Fix the sum', 'bug', '\u{1f600}'])(
    'nobody gets a lower percentile by leaving out the message %j',
    async (commit_message) => {
      for (const lines of [1, 10, 100, 1_000]) {
        const files = [{ path: 'a.ts', content: 'x()\n'.repeat(lines) }]
        const told = await examineRequest({ files, commit_message })
        const untold = await examineRequest({ files })
        expect(untold.worstPercentile).toBeGreaterThanOrEqual(told.worstPercentile)
      }
    },
  )
})
