import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_BLOCK_LINES } from '../../../../../core/analysis/coverage/go.ts'
import { MAX_JSON_CONTAINERS } from '../../../../../core/analysis/coverage/json.ts'
import { readCoverage } from '../../../../../core/analysis/coverage/read.ts'
import {
  type CoverageReport,
  MAX_LINE_NUMBER,
  MAX_REPORT_PATH,
  mergeReports,
} from '../../../../../core/analysis/coverage/report.ts'
import {
  MAX_XML_ATTRIBUTES,
  MAX_XML_DEPTH,
  MAX_XML_ELEMENTS,
} from '../../../../../core/analysis/coverage/xml.ts'
import { EvidenceError } from '../../../../../core/analysis/evidence-error.ts'
import { COBERTURA, GO, ISTANBUL, JACOCO, LCOV, SAMPLES } from './samples.ts'

type Lines = Readonly<Record<number, number>>
type Hits = Readonly<Record<string, Lines>>

function hitsOf({ files }: Pick<CoverageReport, 'files'>): Hits {
  return Object.fromEntries([...files].map(([path, { hits }]) => [path, Object.fromEntries(hits)]))
}

/** The report, or what is wrong with it; whatever else is thrown goes through. */
function attempt(content: string): CoverageReport | EvidenceError {
  try {
    return readCoverage(content)
  } catch (error) {
    if (error instanceof EvidenceError) return error
    throw error
  }
}

describe('a report is read, whatever its format', () => {
  const pay = { 2: 4, 3: 4, 5: 0 }
  test.each<[keyof typeof SAMPLES, Hits]>([
    ['lcov', { 'src/pay.ts': pay, 'src/util.ts': { 1: 12, 7: 0 } }],
    [
      'cobertura',
      {
        '/home/runner/work/shop/shop/src/shop/pay.py': { 2: 1, 3: 1, 5: 0 },
        '/home/runner/work/shop/shop/src/shop/a & b.py': { 1: 2, 9: 0 },
      },
    ],
    ['jacoco', { 'com/example/shop/Pay.java': { 2: 3, 3: 2, 5: 0 } }],
    ['istanbul', { '/home/runner/work/shop/shop/src/pay.ts': pay }],
    ['go', { 'github.com/example/shop/pay/pay.go': { 2: 1, 3: 1, 5: 0 } }],
  ])('%s', (format, expected) => {
    const report = readCoverage(SAMPLES[format])
    expect(report.format).toBe(format)
    expect(hitsOf(report)).toEqual(expected)
    expect(hitsOf(readCoverage(`\ufeff${SAMPLES[format]}`))).toEqual(expected)
    expect(hitsOf(readCoverage(SAMPLES[format].replaceAll('\n', '\r\n')))).toEqual(expected)
  })
})

describe('peculiarities', () => {
  const cobertura = (source: string, filename: string) =>
    `<coverage><sources>${source}</sources><packages><package><classes><class filename="${filename}"><lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>`
  const jacoco = (files: string) => `<report><package name="a/b">${files}</package></report>`
  const group = (name: string) =>
    `<group name="${name}"><package name="a"><sourcefile name="A.java"><line nr="1" mi="0" ci="1"/></sourcefile></package></group>`

  test.each<[string, string, Hits]>([
    ['LCOV: Windows paths', 'SF:src\\a\\b.ts\r\nDA:1,1\r\nend_of_record\r\n', { 'src/a/b.ts': { 1: 1 } }],
    ['LCOV: . and ..', 'SF:./src/../lib//a.ts\nDA:1,1\nend_of_record', { 'lib/a.ts': { 1: 1 } }],
    ['LCOV: NFD becomes NFC', 'SF:e\u0301.ts\nDA:1,1\nend_of_record', { '\u00e9.ts': { 1: 1 } }],
    ['LCOV: out of where it starts', 'SF:../a.ts\nDA:1,1\nend_of_record', { '../a.ts': { 1: 1 } }],
    ['LCOV: nothing is above the top', 'SF:/../a.ts\nDA:1,1\nend_of_record', { '/a.ts': { 1: 1 } }],
    ['LCOV: line 0 is none', 'SF:a.ts\nDA:0,1\nDA:1,0\nend_of_record', { 'a.ts': { 1: 0 } }],
    [
      'LCOV: a file twice, by the higher count',
      'SF:a.ts\nDA:1,0\nDA:2,3\nend_of_record\nSF:a.ts\nDA:1,1\nDA:2,1\nend_of_record',
      { 'a.ts': { 1: 1, 2: 3 } },
    ],
    [
      'LCOV: more executions than a double holds',
      `SF:a.ts\nDA:1,18446744073709551615\nend_of_record`,
      { 'a.ts': { 1: Number.MAX_SAFE_INTEGER } },
    ],
    ['LCOV: a name of JavaScript', 'SF:__proto__\nDA:1,1\nend_of_record', { ['__proto__']: { 1: 1 } }],
    ['Cobertura: no source', cobertura('', 'src/a.py'), { 'src/a.py': { 1: 1 } }],
    ['Cobertura: a relative source', cobertura('<source>./app</source>', 'a.py'), { 'app/a.py': { 1: 1 } }],
    [
      'Cobertura: Windows source',
      cobertura('<source>C:\\w</source>', 'src\\a.cs'),
      { 'C:/w/src/a.cs': { 1: 1 } },
    ],
    ['Cobertura: absolute name', cobertura('<source>/w</source>', '/x/a.py'), { '/x/a.py': { 1: 1 } }],
    [
      'Cobertura: two names of one file',
      cobertura('<source>/w</source>', 'a.py').replace('</classes>', '<class filename="/w/a.py"/></classes>'),
      { 'a.py': { 1: 1 }, '/w/a.py': {} },
    ],
    [
      'Cobertura: what cobertura-maven adds',
      cobertura('<source>--source</source><source>/w/src</source>', 'A.java'),
      { '/w/src/A.java': { 1: 1 } },
    ],
    [
      'Cobertura: several sources say nothing',
      cobertura('<source>/a</source><source>/b</source>', 'p/a.py'),
      { 'p/a.py': { 1: 1 } },
    ],
    [
      'JaCoCo: lines without instructions',
      jacoco(
        '<sourcefile name="A.java"><line nr="1" mi="0" ci="0"/><line nr="2" mi="1" ci="0"/></sourcefile>',
      ),
      { 'a/b/A.java': { 2: 0 } },
    ],
    ['JaCoCo: an interface', jacoco('<sourcefile name="A.java"/>'), { 'a/b/A.java': {} }],
    [
      'JaCoCo: compiled without line numbers, so that nothing is known',
      jacoco('<sourcefile name="A.java"><counter type="INSTRUCTION" missed="3" covered="0"/></sourcefile>'),
      {},
    ],
    ['JaCoCo: groups', `<report>${group('x')}</report>`, { 'a/A.java': { 1: 1 } }],
    ['JaCoCo: one path in two groups is neither', `<report>${group('x')}${group('y')}</report>`, {}],
    [
      'Istanbul: as old versions wrap it',
      JSON.stringify({ 'a.js': { data: { statementMap: { 0: { start: { line: 3 } } }, s: { 0: 1 } } } }),
      { 'a.js': { 3: 1 } },
    ],
    ['Istanbul: nothing measured', '{}', {}],
    ['Go: nothing measured', 'mode: atomic\n', {}],
    ['Go: a block without statements', 'mode: set\na/a.go:1.1,3.2 0 1\n', { 'a/a.go': {} }],
    [
      'Go: concatenated, with Windows paths',
      'mode: set\nC:\\w\\a.go:1.1,1.9 1 0\nmode: set\nC:\\w\\a.go:1.1,1.9 1 1\n',
      { 'C:/w/a.go': { 1: 1 } },
    ],
  ])('%s', (_, content, expected) => {
    expect(hitsOf(readCoverage(content))).toEqual(expected)
  })

  test('several sources are said, as they make paths less certain', () => {
    expect(readCoverage(cobertura('<source>/a</source><source>/b</source>', 'a.py')).packageRelative).toBe(
      true,
    )
    expect(readCoverage(cobertura('<source>/a</source>', 'a.py')).packageRelative).toBeUndefined()
    expect(readCoverage(JACOCO).packageRelative).toBe(true)
  })
})

describe('what is no report is refused, with the line where there is one', () => {
  const deep = '<lines>'.repeat(MAX_XML_DEPTH)
  const coverage = (inside: string) => `<coverage>\n${inside}\n</coverage>`
  test.each<[string, string, RegExp, number | null]>([
    ['nothing', '', /^is empty/, null],
    ['white space', ' \n\t\n', /^is empty/, null],
    ['prose', 'All tests passed.\n', /no coverage report of a known format/, 1],
    ['a PDF', '%PDF-1.7\n\u0000\u0001', /no coverage report of a known format/, 1],
    ['LCOV: garbage between', 'SF:a\nDA:1,1\nwhat?\nend_of_record\n', /no record of LCOV/, 3],
    ['LCOV: a damaged key', 'SF:a\nDB:1,0\nend_of_record\n', /no record of LCOV/, 2],
    ['LCOV: no end', 'SF:a\nDA:1,1\n', /ends inside of a record/, 2],
    ['LCOV: a record in another', 'SF:a\nDA:1,1\nSF:b\nend_of_record\n', /before the last one has ended/, 3],
    ['LCOV: an end too many', 'TN:\nend_of_record\n', /has not begun/, 2],
    ['LCOV: a line outside', 'TN:\nDA:1,1\n', /outside of a record/, 2],
    ['LCOV: no count', 'SF:a\nDA:1\nend_of_record\n', /malformed line of code/, 2],
    ['LCOV: words', 'SF:a\nDA:one,1\nend_of_record\n', /malformed line of code/, 2],
    ['LCOV: a negative count', 'SF:a\nDA:1,-1\nend_of_record\n', /malformed line of code/, 2],
    ['LCOV: no path', 'SF:\nend_of_record\n', /without a path/, 1],
    [
      'LCOV: a long path',
      `SF:${'a'.repeat(MAX_REPORT_PATH + 1)}\nend_of_record\n`,
      /names a path of more/,
      1,
    ],
    ['LCOV: a far line', `SF:a\nDA:${MAX_LINE_NUMBER + 1},1\nend_of_record\n`, /beyond/, 2],
    ['XML: HTML', '<html><body></body></html>', /neither Cobertura nor JaCoCo/, null],
    ['XML: Clover', coverage('<project timestamp="1"/>'), /Clover/, 2],
    ['XML: not closed', '<coverage>\n<packages>\n', /ends inside of <packages>/, 3],
    [
      'XML: crossed',
      '<coverage>\n<lines><class filename="a"></lines></class></coverage>',
      /<class> ends as another element/,
      2,
    ],
    ['XML: two roots', '<coverage></coverage>\n<coverage></coverage>', /second root/, 2],
    ['XML: text after it', '<coverage></coverage>\n\nmore', /text outside/, 3],
    ['XML: a damaged tag', coverage('<lines>line number="5" hits="0"/></lines>'), /text in <lines>/, 2],
    ['XML: a second DOCTYPE', '<!DOCTYPE a>\n<!DOCTYPE b><coverage/>', /DOCTYPE where none/, 2],
    ['XML: unquoted', coverage('<class filename=a></class>'), /no value in quotes/, 2],
    ['XML: twice', coverage('<class filename="a" filename="b"></class>'), /given twice/, 2],
    ['XML: no space', coverage('<class a="a"filename="b"></class>'), /no space/, 2],
    ['XML: < in a value', coverage('<class filename="<a>"></class>'), /there is < in/, 2],
    ['XML: open comment', coverage('<!-- <packages/>'), /comment does not end/, 2],
    ['XML: own entity', coverage('<class filename="&lol;"></class>'), /not predefined/, 2],
    ['XML: entity of nothing', coverage('<class filename="&#0;"></class>'), /not predefined/, 2],
    [
      'XML: a bomb',
      `<!DOCTYPE coverage [\n<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;">\n]>\n<coverage>&b;</coverage>`,
      /DOCTYPE declares something/,
      1,
    ],
    ['XML: too deep', `<coverage>\n${deep}`, /nested more than/, 2],
    ['XML: too much', `<coverage>${'<lines/>'.repeat(MAX_XML_ELEMENTS)}`, /more than \d+ elements/, 1],
    [
      'XML: too many attributes',
      coverage(`<a ${Array.from({ length: MAX_XML_ATTRIBUTES + 1 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      /too many attributes/,
      2,
    ],
    [
      'XML: a long name',
      coverage(`<class filename="${'&amp;'.repeat(10_000)}"></class>`),
      /a name of more than/,
      2,
    ],
    ['Cobertura: a damaged line', coverage('<lime number="5" hits="0"/>'), /not of Cobertura/, 2],
    ['JaCoCo: a damaged line', '<report>\n<lime nr="5" mi="1" ci="0"/></report>', /not of JaCoCo/, 2],
    ['Cobertura: no name', coverage('<class></class>'), /class without its filename/, 2],
    ['Cobertura: a line of nothing', coverage('<line number="1" hits="1"/>'), /malformed line/, 2],
    ['Cobertura: no hits', coverage('<class filename="a"><line number="1"/></class>'), /malformed line/, 2],
    ['JaCoCo: no package', '<report>\n<sourcefile name="a"/></report>', /without its name or package/, 2],
    [
      'JaCoCo: no instructions',
      '<report><package name="a"><sourcefile name="A">\n<line nr="1"/></sourcefile></package></report>',
      /malformed line/,
      2,
    ],
    ['JSON: broken', '{\n"a": {\n"s": }\n}', /not valid JSON/, 3],
    ['JSON: cut', '{\n"a": {', /not valid JSON/, 2],
    ['JSON: a list', '[]', /no coverage of Istanbul/, null],
    ['JSON: something else', '{"name":"shop","version":"1.0.0"}', /no coverage of Istanbul/, null],
    ['JSON: a summary', '{"total":{"lines":{"total":1,"pct":100}}}', /send coverage-final\.json/, null],
    ['JSON: raw V8', '{"result":[{"scriptId":"1"}]}', /c8 report/, null],
    ['JSON: no counts', '{"a.js":{"statementMap":{}}}', /without its statements/, null],
    [
      'JSON: a count less',
      '{"a.js":{"statementMap":{"0":{"start":{"line":1}},"1":{"start":{"line":2}}},"s":{"0":1}}}',
      /do not agree/,
      null,
    ],
    [
      'JSON: no line',
      '{"a.js":{"statementMap":{"0":{"start":{}}},"s":{"0":1}}}',
      /malformed statement/,
      null,
    ],
    ['JSON: too much of it', `[${'[],'.repeat(MAX_JSON_CONTAINERS)}[]]`, /objects and arrays/, null],
    ['Go: another mode', 'mode: maybe\n', /unknown mode/, 1],
    ['Go: no such block', 'mode: set\na.go:1.1,2.2 1\n', /malformed block/, 2],
    ['Go: backwards', 'mode: set\na.go:3.1,2.2 1 1\n', /malformed block/, 2],
    ['Go: no path', 'mode: set\n:1.1,2.2 1 1\n', /malformed block/, 2],
    [
      'Go: all lines there are',
      `mode: set\na.go:1.1,${MAX_BLOCK_LINES + 1}.2 1 1\n`,
      /a block of more than/,
      2,
    ],
  ])('%s', (_, content, problem, line) => {
    const error = attempt(content)
    expect(error).toBeInstanceOf(EvidenceError)
    expect(error).toMatchObject({ problem: expect.stringMatching(problem), line })
  })
})

describe('limits hold for all reports of a request together', () => {
  test.each([
    ['files', { files: 2, lines: 100, steps: 100 }, /files/],
    ['lines', { files: 100, lines: 4, steps: 100 }, /executable lines/],
    ['statements', { files: 100, lines: 100, steps: 5 }, /times whether/],
  ])('%s', (_, budget, problem) => {
    readCoverage('SF:a\nDA:1,1\nDA:2,1\nDA:2,5\nend_of_record\n', budget)
    readCoverage('SF:b\nDA:1,1\nDA:2,1\nend_of_record\n', budget)
    expect(() => readCoverage('SF:c\nDA:1,1\nend_of_record\n', budget)).toThrow(problem)
  })

  test('nor say of the same ones without end', () => {
    const blocks = Array.from({ length: 600 }, (_, column) => `a.go:1.${column},9999.2 1 1\n`)
    expect(attempt(`mode: set\n${blocks.join('')}`)).toMatchObject({
      problem: expect.stringMatching(/times whether/),
    })
  })

  test('a short profile cannot claim more lines than there may be', () => {
    const block = (file: number) => `f${file}/a.go:1.1,9999.2 1 1`
    const profile = `mode: set\n${Array.from({ length: 100 }, (_, file) => block(file)).join('\n')}\n`
    expect(attempt(profile)).toMatchObject({ problem: expect.stringMatching(/executable lines/) })
  })
})

describe('several reports are one', () => {
  test('a line counts as executed where one of them says so', () => {
    const unit = readCoverage('SF:a\nDA:1,0\nDA:2,3\nend_of_record\nSF:b\nDA:1,0\nend_of_record\n')
    const integration = readCoverage('SF:a\nDA:1,1\nDA:2,1\nDA:9,0\nend_of_record\n')
    const merged = hitsOf({ files: mergeReports([unit, integration]) })
    expect(merged).toEqual({ a: { 1: 1, 2: 3, 9: 0 }, b: { 1: 0 } })
    expect(hitsOf({ files: mergeReports([integration, unit, unit]) })).toEqual(merged)
    expect(mergeReports([]).size).toBe(0)
  })
})

describe.each(Object.entries(SAMPLES))('a damaged report: %s', (format, sample) => {
  const whole = hitsOf(readCoverage(sample))

  /** Nothing may look executed that is not in the whole report, whatever was cut off. */
  test('cut anywhere it is refused, or says less', () => {
    for (let end = 0; end < sample.length; end++) {
      const read = attempt(sample.slice(0, end))
      if (read instanceof EvidenceError) continue
      expect(read.format).toBe(format)
      for (const [path, lines] of Object.entries(hitsOf(read))) {
        for (const [line, count] of Object.entries(lines)) {
          expect([end, path, line, count > 0]).toEqual([
            end,
            path,
            line,
            (whole[path]?.[Number(line)] ?? 0) > 0,
          ])
        }
        // A profile has neither a mark of its end nor one of a file's: only there a file may miss lines.
        if (format !== 'go') expect([end, lines]).toEqual([end, whole[path]])
      }
    }
  })

  test('changed at random it is refused, or is some report', () => {
    const edit = fc.record({
      at: fc.nat(sample.length),
      remove: fc.nat(12),
      insert: fc.oneof(
        fc.string({ maxLength: 6, unit: 'binary' }),
        fc.constantFrom(
          '<',
          '>',
          '"',
          '&',
          '&#x;',
          '\n',
          ',',
          ':',
          '-1',
          '1e9',
          '{',
          '[',
          'null',
          '\0',
          ']]>',
        ),
      ),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce(
          (so, { at, remove, insert }) => so.slice(0, at) + insert + so.slice(at + remove),
          sample,
        )
        const read = attempt(text)
        if (read instanceof EvidenceError) return
        for (const { hits } of read.files.values()) {
          for (const [line, count] of hits) {
            expect(line >= 1 && count >= 0 && Number.isSafeInteger(line) && Number.isSafeInteger(count)).toBe(
              true,
            )
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

test('anything at all is refused, or is some report', () => {
  const start = fc.constantFrom(
    '',
    'mode: set\n',
    'SF:',
    'TN:\n',
    '<coverage>',
    '<report>',
    '{',
    '{"a":',
    '<',
    '<?',
  )
  const noise = fc.string({ maxLength: 80, unit: 'binary' })
  fc.assert(
    fc.property(start, noise, (prefix, rest) => {
      const read = attempt(prefix + rest)
      expect(read instanceof EvidenceError || read.files instanceof Map).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('samples are what their names say', () => {
  expect([LCOV, COBERTURA, JACOCO, ISTANBUL, GO].map((sample) => readCoverage(sample).format)).toEqual(
    Object.keys(SAMPLES),
  )
})
