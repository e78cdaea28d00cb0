import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CWE_FAMILIES,
  evaluate,
  type Finding,
  markdownTable,
  type Sample,
} from '../../../../tools/security-rules/evaluate.ts'

const flawed = (language: string, id: string, cwe = ['CWE-89'], lines = [2]): Sample => ({
  id,
  language,
  code: id,
  vulnerable: true,
  cwe,
  lines,
})
const safe = (language: string, id: string): Sample => ({
  id,
  language,
  code: id,
  vulnerable: false,
  cwe: [],
  lines: [],
})
const finding = (cwe: string[], line = 2): Finding => ({ rule: 'fake', cwe, line })

/** Finds in a snippet what the table says of its code. */
const scanner = (table: Readonly<Record<string, readonly Finding[]>>) => (_: string, code: string) =>
  table[code] ?? []

const SAMPLES = [
  flawed('go', 'found'),
  flawed('go', 'missed'),
  flawed('go', 'mistaken'),
  safe('go', 'quiet'),
  flawed('java', 'late'),
  safe('java', 'alarming'),
]
const FINDINGS = {
  found: [finding(['CWE-89']), finding(['CWE-22'])],
  mistaken: [finding(['CWE-22'])],
  late: [finding(['CWE-89'], 9)],
  alarming: [finding(['CWE-89']), finding(['CWE-89'])],
}

describe('evaluate', () => {
  test('counts snippets by language and in all, however many findings each has', async () => {
    const { languages, overall } = await evaluate(SAMPLES, scanner(FINDINGS))
    expect([...languages]).toEqual([
      [
        'go',
        {
          truePositives: 1,
          falsePositives: 0,
          falseNegatives: 2,
          trueNegatives: 1,
          located: 1,
          precision: 1,
          recall: 1 / 3,
          f1: 0.5,
        },
      ],
      [
        'java',
        {
          truePositives: 1,
          falsePositives: 1,
          falseNegatives: 0,
          trueNegatives: 0,
          located: 0,
          precision: 0.5,
          recall: 1,
          f1: 2 / 3,
        },
      ],
    ])
    expect(overall).toEqual({
      truePositives: 2,
      falsePositives: 1,
      falseNegatives: 2,
      trueNegatives: 1,
      located: 1,
      precision: 2 / 3,
      recall: 0.5,
      f1: 4 / 7,
    })
  })

  test('one finding of any kind in a safe snippet is a false positive', async () => {
    const { overall } = await evaluate([safe('go', 'a')], () => [finding([])])
    expect(overall).toMatchObject({ falsePositives: 1, trueNegatives: 0, precision: 0, recall: null })
  })

  test('lists what was judged wrongly, with what was found in it', async () => {
    const { falsePositives, falseNegatives } = await evaluate(SAMPLES, scanner(FINDINGS))
    expect(falsePositives).toEqual([{ sample: 'alarming', language: 'java', findings: FINDINGS.alarming }])
    expect(falseNegatives).toEqual([
      { sample: 'missed', language: 'go', findings: [] },
      { sample: 'mistaken', language: 'go', findings: FINDINGS.mistaken },
    ])
  })

  test('a sample without an id is named by its place', async () => {
    const { falseNegatives } = await evaluate(
      [
        { language: 'go', code: '', vulnerable: false, cwe: [] },
        { language: 'go', code: '', vulnerable: true, cwe: ['CWE-89'] },
      ],
      () => [],
    )
    expect(falseNegatives.map(({ sample }) => sample)).toEqual(['1'])
  })

  test('gives the scanner language and code, and waits for it', async () => {
    const asked: string[] = []
    const { overall } = await evaluate([flawed('python', 'a'), safe('go', 'b')], async (language, code) => {
      await Promise.resolve()
      asked.push(`${language} ${code}`)
      return language === 'python' ? [finding(['CWE-89'])] : []
    })
    expect(asked).toEqual(['python a', 'go b'])
    expect(overall).toMatchObject({ truePositives: 1, trueNegatives: 1 })
  })

  test('what the scanner throws ends it', async () => {
    const failing = () => Promise.reject(new RangeError('too deep'))
    await expect(evaluate([safe('go', 'a')], failing)).rejects.toThrow('too deep')
  })

  test('without anything to divide by, a rate is null', async () => {
    const nothing = { precision: null, recall: null, f1: null }
    expect((await evaluate([], () => [])).overall).toMatchObject(nothing)
    expect((await evaluate([safe('go', 'a')], () => [])).overall).toMatchObject(nothing)
    expect((await evaluate([flawed('go', 'a')], () => [])).overall).toMatchObject({
      precision: null,
      recall: 0,
      f1: 0,
    })
  })

  test.each([
    ['the same number', ['CWE-89'], ['CWE-89'], true],
    ['another of its family', ['CWE-943'], ['CWE-89'], true],
    ['one of several', ['CWE-1336', 'CWE-79'], ['CWE-20', 'CWE-79'], true],
    ['leading zeros and a path, as in SARIF', ['CWE-89'], ['external/cwe/cwe-089'], true],
    ['a name after the number', ['CWE-22'], ['CWE-22: Path Traversal'], true],
    ['a number of no family, twice', ['CWE-1333'], ['CWE-1333'], true],
    ['a number of no family, and another', ['CWE-1333'], ['CWE-400'], false],
    ['another family', ['CWE-89'], ['CWE-78'], false],
    ['a number that the other begins with', ['CWE-79'], ['CWE-798'], false],
    ['no CWE', ['CWE-89'], [], false],
    ['no number', ['CWE-89'], ['injection', '89'], false],
  ])('%s: %j and %j match: %s', async (_, wanted, found, matches) => {
    const { overall } = await evaluate([flawed('go', 'a', wanted)], () => [finding(found)])
    expect(overall.truePositives).toBe(matches ? 1 : 0)
    expect(overall.falseNegatives).toBe(matches ? 0 : 1)
  })

  test('only a matching finding on a labelled line locates the flaw', async () => {
    const sample = flawed('go', 'a', ['CWE-89'], [4, 5])
    const located = async (...findings: Finding[]) =>
      (await evaluate([sample], () => findings)).overall.located
    expect(await located(finding(['CWE-89'], 5))).toBe(1)
    expect(await located(finding(['CWE-89'], 6))).toBe(0)
    expect(await located(finding(['CWE-89'], 6), finding(['CWE-22'], 5))).toBe(0)
  })

  test('each snippet is counted once, and a rate is a proportion', async () => {
    const cwe = fc.subarray(['CWE-89', 'CWE-78', 'CWE-943', 'cwe-', 'CWE-1333'])
    const drawn = fc.record({
      language: fc.constantFrom('go', 'java'),
      cwe,
      found: fc.array(cwe, { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(drawn), async (all) => {
        const samples = all.map((one, index) => ({
          ...one,
          code: `${index}`,
          vulnerable: one.cwe.length > 0,
        }))
        const result = await evaluate(samples, (_, code) =>
          all[Number(code)]!.found.map((each) => finding(each)),
        )
        for (const { precision, recall, f1, located, ...counts } of [
          ...result.languages.values(),
          result.overall,
        ]) {
          for (const rate of [precision, recall, f1]) {
            if (rate !== null) expect(rate >= 0 && rate <= 1).toBe(true)
          }
          expect(located).toBeLessThanOrEqual(counts.truePositives)
        }
        const { truePositives, falsePositives, falseNegatives, trueNegatives } = result.overall
        expect(truePositives + falseNegatives).toBe(samples.filter(({ vulnerable }) => vulnerable).length)
        expect(falsePositives + trueNegatives).toBe(samples.filter(({ vulnerable }) => !vulnerable).length)
        expect(result.falsePositives).toHaveLength(falsePositives)
        expect(result.falseNegatives).toHaveLength(falseNegatives)
      }),
    )
  })
})

describe('CWE_FAMILIES', () => {
  test('no number is in two families', () => {
    const numbers = Object.values(CWE_FAMILIES).flat()
    expect(numbers).toEqual([...new Set(numbers)])
  })
})

describe('markdownTable', () => {
  test('a row for each language and one for all, rates rounded down', async () => {
    expect(markdownTable(await evaluate(SAMPLES, scanner(FINDINGS)))).toBe(
      [
        '| language | snippets | TP | FP | FN | TN | precision | recall | F1 |',
        '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
        '| go | 4 | 1 | 0 | 2 | 1 | 100.0 % | 33.3 % | 50.0 % |',
        '| java | 2 | 1 | 1 | 0 | 0 | 50.0 % | 100.0 % | 66.6 % |',
        '| all | 6 | 2 | 1 | 2 | 1 | 66.6 % | 50.0 % | 57.1 % |',
        '',
      ].join('\n'),
    )
  })

  test.each([
    [1999, 2000, '99.9 %'],
    [57, 100, '57.0 %'],
    [29, 100, '29.0 %'],
    [0, 3, '0.0 %'],
  ])('%d of %d found: %s', async (found, of, shown) => {
    const samples = Array.from({ length: of }, (_, index) => flawed('go', `${index}`))
    const result = await evaluate(samples, (_, code) => (Number(code) < found ? [finding(['CWE-89'])] : []))
    expect(markdownTable(result)).toContain(` ${shown} | `)
  })

  test('a rate that cannot be said is a dash', async () => {
    expect(markdownTable(await evaluate([safe('go', 'a')], () => []))).toContain(
      '| go | 1 | 0 | 0 | 0 | 1 | – | – | – |',
    )
  })
})
