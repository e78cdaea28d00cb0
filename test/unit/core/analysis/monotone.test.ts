import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Analysis } from '../../../../core/analysis/judge.ts'
import type { Checks } from '../../../../schema/wire/certificate.ts'
import { checksSchema } from '../../../../schema/wire/certificate.ts'
import { lcov, type SarifSample, sarif } from '../../../support/evidence.ts'
import { analyse, SECRET } from './analysis-support.ts'

/** The two promises of the score, from the request to the certificate: see `docs/risk-model.md`. */

const NAMES = ['src/hidden-a.ts', 'src/hidden-b.ts', 'lib/hidden_c.py', 'lib/hidden_d.go', 'lib/hidden_e.rb']
const LINES: Readonly<Record<string, readonly string[]>> = {
  ts: [
    'export const f = (req) => eval(req.query.code)',
    "import { b } from './hidden-b.ts'",
    'const total = (a, b) => a.price * b.count',
    'for (const x of [1, 2, 3]) console.log(x)',
    'if (ready) start()',
  ],
  py: ['def f(a):', '    return a + 1', 'x = [y for y in range(3)]', 'import os'],
  go: ['func f(a int) int { return a }', 'func g() { total = 1 + 2 }'],
  rb: ['x = 1', 'puts x'],
}
const NUMBER_OF_RUNS = 120

interface Drawn {
  readonly files: { path: string; content: string; previous_content?: string }[]
  readonly commit_message?: string | undefined
  readonly commit_sha: string
  readonly evidence: {
    coverage?: { name: string; content: string; commit_sha?: string }[]
    sarif?: { name: string; content: string }[]
    history?: { time: string; paths: string[] }[]
    imports?: { path: string; imports: string[] }[]
  }
}

const COMMIT = 'a'.repeat(40)
const path = fc.constantFrom(...NAMES, 'src/hidden-partner.ts', 'src/hidden-other.ts')

const file = (name: string) =>
  fc
    .record({
      lines: fc.array(fc.constantFrom(...LINES[name.split('.')[1]!]!), { minLength: 1, maxLength: 12 }),
      before: fc.option(fc.nat(3)),
    })
    .map(({ lines, before }) => ({
      path: name,
      content: `${lines.join('\n')}\n`,
      ...(before === null ? {} : { previous_content: `${lines.slice(0, before).join('\n')}\n` }),
    }))
const files = fc
  .subarray(NAMES, { minLength: 1, maxLength: 4 })
  .chain((names) => fc.tuple(...names.map(file)).map((drawn) => [...drawn]))

/** For some files of the change, executions of some of their lines. */
const coverage = (given: Drawn['files']) =>
  fc
    .tuple(
      ...given.map(({ content }) => {
        const lines = content.split('\n').length - 1
        return fc.option(
          fc.dictionary(fc.integer({ min: 1, max: lines }).map(String), fc.nat(2), {
            minKeys: 1,
            maxKeys: lines,
          }),
        )
      }),
    )
    .chain((hits) => {
      const known = given.flatMap((one, index) => (hits[index] ? [[one.path, hits[index]] as const] : []))
      return fc.record(
        {
          name: fc.constant('hidden.info'),
          content: fc.constant(lcov({ 'src/elsewhere.ts': { 1: 1 }, ...Object.fromEntries(known) })),
          commit_sha: fc.constantFrom(COMMIT, COMMIT, 'b'.repeat(40)),
        },
        { requiredKeys: ['name', 'content'] },
      )
    })

const result = fc.record({
  rule: fc.constantFrom('hidden-rule', 'hidden-other-rule'),
  path,
  line: fc.integer({ min: 1, max: 12 }),
  score: fc.constantFrom(1, 5, 8, 9.5),
  cwe: fc.constantFrom('CWE-95', 'CWE-1'),
  message: fc.constant('hidden message'),
})
const sarifReport = fc
  .tuple(fc.array(result, { maxLength: 5 }), fc.constantFrom(true, true, false, null))
  .map(([results, successful]) => ({ name: 'hidden.sarif', content: sarif(results, successful) }))

const history = fc.array(
  fc.record({ time: fc.constant('2026-11-21T02:48:23Z'), paths: fc.uniqueArray(path, { maxLength: 5 }) }),
  { minLength: 15, maxLength: 40 },
)
const imports = fc.array(fc.record({ path, imports: fc.uniqueArray(path, { maxLength: 5 }) }), {
  maxLength: 7,
})

const requests: fc.Arbitrary<Drawn> = files.chain((given) =>
  fc.record({
    files: fc.constant(given),
    commit_sha: fc.constant(COMMIT),
    commit_message: fc.constantFrom(undefined, 'Fix the sum', 'Add a sum'),
    evidence: fc.record(
      {
        coverage: fc.array(coverage(given), { minLength: 1, maxLength: 2 }),
        sarif: fc.array(sarifReport, { minLength: 1, maxLength: 2 }),
        history,
        imports,
      },
      { requiredKeys: [] },
    ),
  }),
)

type Member = keyof Drawn['evidence']
/** Which check a member speaks to. */
const CHECK_OF: Readonly<Record<Member, keyof Checks>> = {
  coverage: 'test_coverage',
  sarif: 'security_scan',
  history: 'coupling_analysis',
  imports: 'coupling_analysis',
}

function without(request: Drawn, ...members: Member[]): Drawn {
  const left = Object.entries(request.evidence).filter(([name]) => !members.includes(name as Member))
  return { ...request, evidence: Object.fromEntries(left) }
}

const analyseDrawn = (request: Drawn): Promise<Analysis> => analyse({ ...request })

describe('evidence that is left out', () => {
  test.each(['coverage', 'sarif', 'history', 'imports'] as const)(
    '%s: never lowers the score, nor lets another check pass',
    { timeout: 120_000 },
    async (member) => {
      const property = fc.asyncProperty(
        requests.filter(({ evidence }) => evidence[member] !== undefined),
        async (request) => {
          const [before, after] = [await analyseDrawn(request), await analyseDrawn(without(request, member))]
          expect(after.riskScore).toBeGreaterThanOrEqual(before.riskScore)
          for (const [name, check] of Object.entries(after.checks)) {
            if (name !== CHECK_OF[member]) expect(check).toEqual(before.checks[name as keyof Checks])
          }
          // Its own check may pass only by what is left: our own look, or the other half of coupling's evidence.
          const own = after.checks[CHECK_OF[member]]
          if (!own.passed || before.checks[CHECK_OF[member]].passed) return
          expect(member).not.toBe('coverage')
          const { history: leftHistory, imports: leftImports } = without(request, member).evidence
          const halfLeft = member !== 'sarif' && (leftHistory ?? leftImports) !== undefined
          expect(own.evidence).toBe(own.evidence === 'E1' && halfLeft ? 'E1' : 'E3')
        },
      )
      await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
    },
  )

  test('all of it: never lowers the score, and nothing passes but what is computed here', {
    timeout: 120_000,
  }, async () => {
    const property = fc.asyncProperty(requests, async (request) => {
      const [before, after] = [await analyseDrawn(request), await analyseDrawn({ ...request, evidence: {} })]
      expect(after.riskScore).toBeGreaterThanOrEqual(before.riskScore)
      for (const { result, evidence } of Object.values(after.checks)) {
        expect(evidence).toBe(result === 'not_evaluated' ? null : 'E3')
      }
    })
    await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
  })

  test('the commit message: never lowers the score, and changes no check', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(requests, async (request) => {
      const [before, after] = [
        await analyseDrawn(request),
        await analyseDrawn({ ...request, commit_message: undefined }),
      ]
      expect(after.riskScore).toBeGreaterThanOrEqual(before.riskScore)
      expect(after.checks).toEqual(before.checks)
    })
    await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
  })
})

describe('a report that tells of what needs none', () => {
  const report = (name: string, line: number, more: object = {}) => ({
    coverage: [{ name: 'x', content: lcov({ [name]: { [line]: 0 } }), ...more }],
  })
  test.each<[string, Drawn['files'][number], Drawn['evidence']]>([
    [
      'a comment, in a report of another commit',
      { path: 'src/a.ts', content: 'start()\n// a comment\n', previous_content: 'start()\n' },
      report('src/a.ts', 1, { commit_sha: 'b'.repeat(40) }),
    ],
    ['a Go file without a function', { path: 'a.go', content: 'var total = 1 + 2\n' }, report('a.go', 1)],
    ['a document', { path: 'notes.md', content: 'words\n' }, report('notes.md', 1)],
  ])('%s: leaving it out lowers nothing', async (_, changed, evidence) => {
    const given = { files: [changed], commit_sha: COMMIT }
    const [before, after] = [await analyse({ ...given, evidence }), await analyse(given)]
    expect(after.riskScore).toBeGreaterThanOrEqual(before.riskScore)
    expect(after.checks.test_coverage.result).toBe(before.checks.test_coverage.result)
  })
})

/** Puts a line behind the last of the first file, and says what a report tells of it. */
function withLine(request: Drawn, text: string): { request: Drawn; path: string; line: number } {
  const [first, ...rest] = request.files
  const content = `${first!.content}${text}\n`
  return {
    request: { ...request, files: [{ ...first!, content }, ...rest] },
    path: first!.path,
    line: content.split('\n').length - 1,
  }
}

describe('what speaks against a change', () => {
  test('one uncovered line more: never lowers the score', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(
      requests.filter(({ files: [first], evidence }) =>
        (evidence.coverage ?? []).some(({ content }) => content.includes(`SF:${first!.path}\n`)),
      ),
      async (before) => {
        const { request, path: changed, line } = withLine(before, 'uncovered = uncovered + 1')
        const reports = request.evidence.coverage!.map((report) => ({
          ...report,
          content: report.content.replace(`SF:${changed}\n`, `SF:${changed}\nDA:${line},0\n`),
        }))
        const after = { ...request, evidence: { ...request.evidence, coverage: reports } }
        await expectNoLower(before, after)
      },
    )
    await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
  })

  test('a covered line that is covered no more: never lowers the score', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(
      requests.filter(({ evidence }) => evidence.coverage !== undefined),
      fc.nat(),
      async (before, which) => {
        const reports = before.evidence.coverage!.map((report) => {
          const hits = [...report.content.matchAll(/^DA:\d+,[12]$/gm)]
          const hit = hits[which % Math.max(1, hits.length)]
          if (hit === undefined) return report
          const uncovered = hit[0].replace(/,\d$/, ',0')
          const { content } = report
          return {
            ...report,
            content: content.slice(0, hit.index) + uncovered + content.slice(hit.index + hit[0].length),
          }
        })
        await expectNoLower(before, { ...before, evidence: { ...before.evidence, coverage: reports } })
      },
    )
    await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
  })

  test('one finding more in a SARIF report: never lowers the score', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(
      requests.filter(({ evidence }) => evidence.sarif !== undefined),
      result,
      async (before, finding) => {
        const [first, ...rest] = before.evidence.sarif!
        const reports = [{ ...first!, content: withResult(first!.content, finding) }, ...rest]
        await expectNoLower(before, { ...before, evidence: { ...before.evidence, sarif: reports } })
      },
    )
    await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
  })

  test.each([
    ['one secret more', `const t = '${SECRET}'`],
    ['one finding more', 'export const g = (req) => eval(req.query.more)'],
  ])('%s: never lowers the score, and fails the scan', { timeout: 120_000 }, async (_, text) => {
    const property = fc.asyncProperty(
      requests.filter(({ files: [first] }) => first!.path.endsWith('.ts')),
      async (before) => {
        const after = await expectNoLower(before, withLine(before, text).request)
        expect(after.checks.security_scan.result).toBe('failed')
      },
    )
    await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
  })
})

async function expectNoLower(before: Drawn, after: Drawn): Promise<Analysis> {
  const [one, other] = [await analyseDrawn(before), await analyseDrawn(after)]
  expect(other.riskScore).toBeGreaterThanOrEqual(one.riskScore)
  return other
}

function withResult(report: string, finding: SarifSample): string {
  const log = JSON.parse(report)
  log.runs[0].results.push(...JSON.parse(sarif([finding])).runs[0].results)
  return JSON.stringify(log)
}

test('whatever is sent: no check passes without evidence, none names anything private, all have their shape', {
  timeout: 120_000,
}, async () => {
  const property = fc.asyncProperty(requests, fc.constantFrom('E1', 'E2'), async (request, level) => {
    const { checks, contributions, confidence, riskScore } = await analyse({ ...request }, { level })
    expect(checksSchema.parse(checks)).toEqual(checks)
    for (const check of Object.values(checks)) {
      expect(check.passed).toBe(check.result === 'passed')
      expect(check.evidence === null).toBe(check.result === 'not_evaluated')
      expect([null, level, 'E3']).toContain(check.evidence)
      if (check.result === 'not_evaluated') expect(check.reasons.length).toBeGreaterThan(0)
      for (const reason of check.reasons) expect(reason).toMatch(/^[a-z_]+(?:: \d+(?:\.\d+)?)?$/)
    }
    for (const { code } of contributions) expect(code).toMatch(/^[a-z_]+$/)
    expect(JSON.stringify({ checks, contributions })).not.toMatch(/hidden|elsewhere|\.ts|\.py/)
    const gaps = Object.values(checks).filter((check) => check.result === 'not_evaluated').length
    if (gaps >= 2) expect(confidence).toBeLessThanOrEqual(0.6)
    expect(riskScore).toBeGreaterThanOrEqual(0)
    expect(riskScore).toBeLessThanOrEqual(10)
  })
  await fc.assert(property, { numRuns: NUMBER_OF_RUNS })
})
