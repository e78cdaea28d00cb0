import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_REPORT_LINES } from '../../../../core/analysis/coverage/report.ts'
import { hashEvidence, NO_EVIDENCE, readEvidence } from '../../../../core/evidence/read.ts'
import type { Refusal } from '../../../../core/refusal.ts'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import { hashCode } from '../../../../core/verify/code-hash.ts'
import { type Evidence, evidenceSchema, MAX_EVIDENCE_BYTES } from '../../../../schema/wire/evidence.ts'
import { lcov, sarif } from '../../../support/evidence.ts'
import { refusalCode } from '../requests.ts'

const COMMIT = 'a'.repeat(40)
const GOOD = { name: 'lcov.info', content: lcov({ 'src/a.ts': { 1: 1 } }) }

function refusalOf(evidence: Evidence): Refusal {
  try {
    readEvidence(evidence)
  } catch (error) {
    return error as Refusal
  }
  throw new Error('it was read')
}

describe('what can be read', () => {
  test('nothing gives nothing', () => {
    expect(readEvidence({})).toEqual(NO_EVIDENCE)
  })

  test('reports keep their names, and the commit that the caller says', () => {
    const read = readEvidence({
      coverage: [GOOD, { ...GOOD, name: 'b.info', commit_sha: COMMIT }],
      sarif: [{ name: 'c.sarif', content: sarif([]) }],
      history: [{ time: '2026-11-21T02:48:23Z', paths: ['a'] }],
      imports: [{ path: 'a', imports: ['b'] }],
    })
    expect(read.coverage.map(({ name, report }) => [name, report.format, report.commitSha])).toEqual([
      ['lcov.info', 'lcov', undefined],
      ['b.info', 'lcov', COMMIT],
    ])
    expect(read.sarif).toMatchObject([{ name: 'c.sarif', report: { ranSuccessfully: true, findings: [] } }])
    expect(read.history).toHaveLength(1)
    expect(read.imports).toHaveLength(1)
  })
})

describe('what cannot be read is refused, with its place, its name and its line', () => {
  test.each<[string, Evidence, string, RegExp]>([
    [
      'a damaged LCOV',
      { coverage: [{ name: 'cov/lcov.info', content: 'TN:\nSF:a.ts\nDA:one,1\nend_of_record\n' }] },
      'evidence.coverage[0]',
      /^"cov\/lcov\.info" has a malformed line of code.*\(line 3\)$/,
    ],
    [
      'no coverage report at all',
      { coverage: [GOOD, { name: 'b', content: 'hello' }] },
      'evidence.coverage[1]',
      /^"b" is no coverage report.*\(line 1\)$/,
    ],
    ['an empty report', { coverage: [{ name: 'b', content: '' }] }, 'evidence.coverage[0]', /^"b" is empty$/],
    [
      'XML that is not well-formed',
      { coverage: [{ name: 'x.xml', content: '<coverage>\n<packages>\n</coverage>' }] },
      'evidence.coverage[0]',
      /^"x\.xml" is not well-formed XML.*\(line 3\)$/,
    ],
    [
      'SARIF that is no JSON',
      { sarif: [{ name: 's', content: '{\n"version": "2.1.0",\n"runs": [}' }] },
      'evidence.sarif[0]',
      /^"s" is not valid JSON \(line 3\)$/,
    ],
    [
      'SARIF of another version',
      { sarif: [{ name: 's', content: '{"version":"1.0.0","runs":[]}' }] },
      'evidence.sarif[0]',
      /^"s" is no SARIF log of version 2\.1\.0$/,
    ],
    [
      'a name with quotes and line breaks',
      { sarif: [{ name: '"\n', content: '' }] },
      'evidence.sarif[0]',
      /^"\\"\\n" /,
    ],
  ])('%s', (_, evidence, path, message) => {
    const { code, errors } = refusalOf(evidence)
    expect(code).toBe('evidence_unreadable')
    expect(errors).toEqual([{ path, message: expect.stringMatching(message) }])
  })

  test('all of them are named at once', () => {
    const broken = { name: 'x', content: 'x' }
    const { errors } = refusalOf({ coverage: [broken, GOOD, broken], sarif: [broken] })
    expect(errors!.map(({ path }) => path)).toEqual([
      'evidence.coverage[0]',
      'evidence.coverage[2]',
      'evidence.sarif[0]',
    ])
  })

  test('and never what the report says', () => {
    const content = `SF:a.ts\nDA:unmistakable,1\nend_of_record\n`
    expect(JSON.stringify(refusalOf({ coverage: [{ name: 'x', content }] }).errors)).not.toContain(
      'unmistakable',
    )
  })
})

test('all reports of a request share one budget: twenty small ones do not stand for twelve million lines', () => {
  const blocks = Array.from({ length: 40 }, (_, i) => `a.go:${i * 10_000 + 1}.1,${(i + 1) * 10_000}.1 1 1`)
  const report = { name: 'c.out', content: `mode: set\n${blocks.join('\n')}\n` }
  expect(40 * 10_000).toBeLessThan(MAX_REPORT_LINES)
  expect(readEvidence({ coverage: [report] }).coverage).toHaveLength(1)
  const { code, errors } = refusalOf({ coverage: [report, report] })
  expect([code, errors!.map(({ path }) => path)]).toEqual(['evidence_unreadable', ['evidence.coverage[1]']])
})

describe('the hash of evidence', () => {
  const EVIDENCE: Evidence = {
    coverage: [GOOD],
    history: [{ time: '2026-11-21T02:48:23Z', paths: ['b', 'a'] }],
  }

  test('is SHA-256 of the RFC 8785 form', async () => {
    expect(await hashEvidence(EVIDENCE)).toBe(await hashCode(canonicalText(EVIDENCE)))
    expect(await hashEvidence({})).toBe(await hashCode('{}'))
  })

  test('does not depend on the token', async () => {
    expect(await hashEvidence({ ...EVIDENCE, ci_token: 'x' })).toBe(await hashEvidence(EVIDENCE))
  })

  test('does not depend on the order of members', async () => {
    const turned = {
      history: [{ paths: ['b', 'a'], time: '2026-11-21T02:48:23Z' }],
      coverage: [{ content: GOOD.content, name: GOOD.name }],
    }
    expect(await hashEvidence(turned)).toBe(await hashEvidence(EVIDENCE))
  })

  test.each<[string, Evidence]>([
    ['another name', { ...EVIDENCE, coverage: [{ ...GOOD, name: 'lcov.inf' }] }],
    ['another content', { ...EVIDENCE, coverage: [{ ...GOOD, content: `${GOOD.content} ` }] }],
    ['a commit', { ...EVIDENCE, coverage: [{ ...GOOD, commit_sha: COMMIT }] }],
    [
      'another order of a list',
      { ...EVIDENCE, history: [{ time: '2026-11-21T02:48:23Z', paths: ['a', 'b'] }] },
    ],
    ['an empty list more', { ...EVIDENCE, imports: [] }],
    ['a member less', { coverage: EVIDENCE.coverage! }],
  ])('is another with %s', async (_, other) => {
    expect(await hashEvidence(other)).not.toBe(await hashEvidence(EVIDENCE))
  })

  test.each([
    [0, null],
    [1, 'body_too_large'],
  ])('of %d bytes beyond 5 MB: %s', async (more, code) => {
    const frame = canonicalText({ coverage: [{ name: 'x', content: '' }] }).length
    const content = 'x'.repeat(MAX_EVIDENCE_BYTES - frame + more)
    expect(await refusalCode(hashEvidence({ coverage: [{ name: 'x', content }] }))).toBe(code)
  })

  test('counts bytes and not characters', async () => {
    const content = 'ü'.repeat(MAX_EVIDENCE_BYTES / 2)
    expect(await refusalCode(hashEvidence({ sarif: [{ name: 'x', content }] }))).toBe('body_too_large')
  })
})

test('whatever the schema lets through is read, or refused by name', () => {
  const content = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(
      GOOD.content,
      sarif([{ rule: 'r', path: 'a', line: 1 }]),
      'mode: set\na.go:1.1,2.2 1 1\n',
    ),
  )
  const report = fc.record({ name: fc.string({ minLength: 1 }), content })
  const path = fc.constantFrom('a', '__proto__', 'constructor', 'toString')
  const given = fc.record(
    {
      coverage: fc.array(report, { maxLength: 4 }),
      sarif: fc.array(report, { maxLength: 4 }),
      history: fc.array(
        fc.record({ time: fc.constant('2026-11-21T02:48:23Z'), paths: fc.array(path, { maxLength: 4 }) }),
        { maxLength: 4 },
      ),
      imports: fc.array(fc.record({ path, imports: fc.array(path, { maxLength: 4 }) }), { maxLength: 4 }),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(given, (evidence) => {
      const parsed = evidenceSchema.safeParse(evidence)
      if (!parsed.success) return
      try {
        const read = readEvidence(parsed.data)
        expect(read.coverage).toHaveLength(parsed.data.coverage?.length ?? 0)
        expect(read.sarif).toHaveLength(parsed.data.sarif?.length ?? 0)
      } catch (error) {
        expect((error as Refusal).code).toBe('evidence_unreadable')
        for (const { path: where } of (error as Refusal).errors!) {
          expect(where).toMatch(/^evidence\.(coverage|sarif)\[\d\]$/)
        }
      }
    }),
  )
})
