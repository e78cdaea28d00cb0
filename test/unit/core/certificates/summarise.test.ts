import { describe, expect, test } from 'vitest'
import { summarise } from '../../../../core/certificates/summarise.ts'
import { lcov, sarif } from '../../../support/evidence.ts'
import { analyse, SECRET } from '../analysis/analysis-support.ts'

const TEN_LINES = Array.from({ length: 10 }, (_, i) => `call(${i})\n`).join('')
const FILES = [{ path: 'src/a.ts', content: TEN_LINES }]
const hits = (missed: number) => ({
  coverage: [
    {
      name: 'x',
      content: lcov({
        'src/a.ts': Object.fromEntries(Array.from({ length: 10 }, (_, i) => [i + 1, i < missed ? 0 : 1])),
      }),
    },
  ],
})

const words = async (more: Record<string, unknown>) => summarise(await analyse(more)).join('\n')

describe('what moved the score, in words', () => {
  test.each([
    [1, '10 %'],
    [3, '30 %'],
    [10, '100 %'],
  ])('%d of ten lines not covered: %s', async (missed, share) => {
    expect(await words({ files: FILES, evidence: hits(missed) })).toContain(
      ` ${share} of the changed executable lines are not covered by tests`,
    )
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['no evidence', { files: FILES }, /no coverage report.*\n|no history|no SARIF/],
    ['one line', { files: [{ path: 'a.ts', content: 'a\n' }] }, /\(1 line added, 0 deleted, in 1 file\)/],
    ['ten lines', { files: FILES }, /\(10 lines added, 0 deleted, in 1 file\)/],
    [
      'a secret',
      { files: [{ path: 'src/a.ts', content: `\n'${SECRET}'\n` }] },
      /\+3\.5 1 finding on changed lines: secret-github in src\/a\.ts:2$/m,
    ],
    [
      'five secrets',
      { files: [{ path: 'src/a.ts', content: `'${SECRET}'\n`.repeat(5) }] },
      /\+4\.5 5 findings on changed lines: (?:secret-github in src\/a\.ts:\d, ){3}…$/m,
    ],
    [
      'a finding of a tool',
      {
        files: FILES,
        evidence: { sarif: [{ name: 'x', content: sarif([{ rule: 'r', path: 'src/a.ts', line: 1 }]) }] },
      },
      /1 more finding on changed lines in the SARIF reports/,
    ],
    [
      'what was too much',
      { files: [{ path: 'a.js', content: `eval(x)${'['.repeat(9_000)}` }] },
      /too much to look through/,
    ],
  ])('%s', async (_, more, expected) => {
    expect(await words(more)).toMatch(expected)
  })

  test('has a line for each contribution, in its order, and no gap in any', async () => {
    const analysis = await analyse({ files: FILES, evidence: hits(3) })
    const lines = summarise(analysis)
    expect(lines.map((line) => Number(line.split(' ')[0]!.slice(1)))).toEqual(
      analysis.contributions.map(({ points }) => points),
    )
    for (const line of lines) expect(line).not.toMatch(/undefined|NaN|null|\[object/)
  })
})
