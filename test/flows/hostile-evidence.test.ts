// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { MAX_HISTORY_COMMITS, MAX_PATHS_PER_COMMIT } from '../../schema/wire/evidence.ts'
import type { Answer } from '../support/client.ts'
import { lcov, sarif } from '../support/evidence.ts'
import { expectRefusalOrSuccess, HTML, SQL } from '../support/hostile.ts'
import { expectProblem, issue } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

const TIME = '2026-11-21T02:48:23Z'
/** Names that mean something to every JavaScript object. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length']
const FILES = [
  { path: 'src/a.ts', content: 'export const a = () => {\n  start()\n}\n', previous_content: '' },
]

function send(evidence: object, files: object[] = FILES): Promise<Answer> {
  return issue(network, { ai_tool: 'claude-code-v1.0', files, evidence })
}
const coverage = (content: string) => send({ coverage: [{ name: 'report', content }] })
const sarifText = (content: string) => send({ sarif: [{ name: 'report', content }] })

/** Refused by name. */
function expectUnreadable(answer: Answer, kind: 'coverage' | 'sarif'): void {
  expectProblem(answer, 422, 'evidence_unreadable')
  expect(answer.json.errors[0].path).toBe(`evidence.${kind}[0]`)
  expect(answer.json.errors[0].message).toMatch(/^"report" /)
}

describe('coverage reports that are not meant well', () => {
  const record = (lines: string) => `SF:src/a.ts\n${lines}end_of_record\n`
  const bomb = (definitions: string, use: string) =>
    `<?xml version="1.0"?><!DOCTYPE coverage [${definitions}]><coverage>${use}</coverage>`
  const unreadable: [string, string][] = [
    ['LCOV with a line number of 1e308', record('DA:1e308,1\n')],
    ['LCOV with a line number of 40 digits', record(`DA:${'9'.repeat(40)},1\n`)],
    ['LCOV with a line number of a million digits', record(`DA:${'9'.repeat(1_000_000)},1\n`)],
    ['LCOV with a negative line', record('DA:-1,1\n')],
    ['LCOV with a path of a megabyte', `SF:${'a/'.repeat(500_000)}b\nend_of_record\n`],
    ['a Go profile with a block of a billion lines', 'mode: set\na.go:1.1,1000000000.1 1 1\n'],
    [
      'a Go profile of blocks of ten thousand lines',
      `mode: set\n${Array.from({ length: 100 }, (_, i) => `a.go:${i * 10_000 + 1}.1,${(i + 1) * 10_000}.1 1 1\n`).join('')}`,
    ],
    ['a Go profile whose block ends before it begins', 'mode: set\na.go:9.1,1.1 1 1\n'],
    [
      'a billion laughs',
      bomb(
        Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(''),
        '&l9;',
      ),
    ],
    ['a quadratic blow-up', bomb(`<!ENTITY a "${'a'.repeat(100_000)}">`, '&a;'.repeat(100_000))],
    ['an external entity', bomb('<!ENTITY x SYSTEM "file:///etc/passwd">', '&x;')],
    ['a parameter entity', bomb('<!ENTITY % x SYSTEM "http://127.0.0.1/x">%x;', '')],
    ['elements within elements', `<coverage>${'<a>'.repeat(100_000)}`],
    ['an attribute that never ends', `<coverage a="${'x'.repeat(1_000_000)}`],
    ['a comment that never ends', `<coverage><!--${'-'.repeat(1_000_000)}`],
    ['brackets that never close', '<'.repeat(1_000_000)],
    ['JSON within JSON', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
    ['JSON arrays without an end', '['.repeat(1_000_000)],
    ['JSON that names the prototype', '{"__proto__":{"path":"a","statementMap":7}}'],
  ]
  it.each(unreadable)('%s', async (_, content) => expectUnreadable(await coverage(content), 'coverage'))

  const harmless: [string, string][] = [
    ['LCOV of inherited names', lcov(Object.fromEntries(INHERITED.map((name) => [name, { 1: 1 }])))],
    [
      'Istanbul’s JSON of inherited names',
      `{${INHERITED.map((name) => `"${name}":{"path":"${name}","statementMap":{},"fnMap":{},"branchMap":{},"s":{},"f":{},"b":{}}`).join()}}`,
    ],
    [
      'an Istanbul statement of a billion lines',
      '{"a.ts":{"path":"a.ts","statementMap":{"0":{"start":{"line":1,"column":0},"end":{"line":1000000000,"column":0}}},"fnMap":{},"branchMap":{},"s":{"0":1},"f":{},"b":{}}}',
    ],
    [
      'a JaCoCo line of 1e308',
      '<report name="x"><package name="a"><sourcefile name="A.java"><line nr="1e308" mi="0" ci="1"/></sourcefile></package></report>',
    ],
    [
      'a Cobertura line that is no number',
      '<coverage><packages><package><classes><class filename="a.py"><lines><line number="NaN" hits="Infinity"/></lines></class></classes></package></packages></coverage>',
    ],
    [
      'LCOV of paths that leave',
      lcov({ '../../../etc/passwd': { 1: 1 }, '/etc/passwd': { 1: 1 }, 'C:\\x': { 1: 1 } }),
    ],
    ['LCOV of SQL and HTML', lcov({ [SQL]: { 1: 1 }, [HTML]: { 1: 1 } })],
  ]
  it.each(harmless)('%s', async (_, content) => expectRefusalOrSuccess(await coverage(content), _))

  it('of which there are as many as may be', async () => {
    const content = lcov({
      'src/a.ts': Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [i + 1, 1])),
    })
    const reports = Array.from({ length: 20 }, (_, i) => ({ name: `report ${i}`, content }))
    expectRefusalOrSuccess(await send({ coverage: reports }), 'twenty reports')
    expectProblem(await send({ coverage: [...reports, ...reports] }), 422, 'invalid_input')
  })
})

describe('SARIF that is not meant well', () => {
  const run = (members: string) =>
    `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"invocations":[{"executionSuccessful":true}],${members}}]}`
  const result = (location: string, more = '') =>
    run(
      `"results":[{"ruleId":"r","message":{"text":"m"}${more},"locations":[{"physicalLocation":${location}}]}]`,
    )
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  it.each<[string, string]>([
    ['arrays within arrays', deep(600_000)],
    ['results without number', run(`"results":[${Array(60_000).fill('{}').join()}]`)],
    ['members that are something else', run('"results":{"length":1e9}')],
    ['a tool without a name', '{"version":"2.1.0","runs":[{"tool":{}}]}'],
    ['runs that are null', '{"version":"2.1.0","runs":[null]}'],
    ['more objects than are counted', run(`"results":[{"properties":{"a":[${'[],'.repeat(500_000)}[]]}}]`)],
  ])('%s', async (_, content) => expectUnreadable(await sarifText(content), 'sarif'))

  const odd: [string, string][] = [
    ['depth where nobody looks', run(`"results":[],"properties":{"a":${deep(100_000)}}`)],
    ['a line of 1e308', result('{"artifactLocation":{"uri":"src/a.ts"},"region":{"startLine":1e308}}')],
    [
      'a line below 0, to the end of time',
      result('{"artifactLocation":{"uri":"src/a.ts"},"region":{"startLine":-5,"endLine":1e300}}'),
    ],
    [
      'half a line',
      result('{"artifactLocation":{"uri":"src/a.ts"},"region":{"startLine":0.5,"endLine":1.5}}'),
    ],
    [
      'a path that leaves',
      result(`{"artifactLocation":{"uri":"${'../'.repeat(10_000)}etc/passwd"},"region":{"startLine":1}}`),
    ],
    [
      'a URI that encodes nothing',
      result('{"artifactLocation":{"uri":"%ff%00%","index":-1},"region":{"startLine":1}}'),
    ],
    [
      'inherited names',
      run(
        `"results":[${INHERITED.map((name) => `{"ruleId":"${name}","partialFingerprints":{"${name}":"x"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"${name}","uriBaseId":"${name}"},"region":{"startLine":1}}}]}`).join()}]`,
      ),
    ],
    [
      'folders that are relative to each other',
      run(
        '"originalUriBaseIds":{"A":{"uri":"a/","uriBaseId":"B"},"B":{"uri":"b/","uriBaseId":"A"},"C":{"uri":"c/","uriBaseId":"C"}},"results":[{"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a.ts","uriBaseId":"A"}}},{"physicalLocation":{"artifactLocation":{"uri":"src/a.ts","uriBaseId":"C"}}}]}]',
      ),
    ],
    [
      'indexes beyond everything',
      result(
        '{"artifactLocation":{"index":4294967296}}',
        ',"ruleIndex":1e9,"rule":{"index":-1,"toolComponent":{"index":1.5}}',
      ),
    ],
    [
      'a tag of a megabyte',
      result(
        '{"artifactLocation":{"uri":"src/a.ts"},"region":{"startLine":1}}',
        `,"properties":{"tags":["${'cwe-'.repeat(250_000)}"]}`,
      ),
    ],
    [
      'a hundred thousand fingerprints',
      result(
        '{"artifactLocation":{"uri":"src/a.ts"},"region":{"startLine":1}}',
        `,"partialFingerprints":{${Array.from({ length: 100_000 }, (_, i) => `"f${i}":"x"`).join()}}`,
      ),
    ],
    [
      'a severity beyond ten',
      result(
        '{"artifactLocation":{"uri":"src/a.ts"},"region":{"startLine":1}}',
        ',"properties":{"security-severity":"1e308"}',
      ),
    ],
  ]
  it.each(odd)('%s', async (_, content) => expectRefusalOrSuccess(await sarifText(content), _))

  it('what no database keeps, and HTML, is kept for the owner as text', async () => {
    const content = sarif([
      { rule: `NUL \u0000 ${HTML}`, path: 'src/a.ts', line: 2, message: `\ud800 \u0000 ${SQL}` },
    ])
    const answer = await sarifText(content)
    expect(answer.status, answer.text).toBe(201)
  })

  it('twenty thousand findings on one line', async () => {
    const content = run(
      `"results":[${Array.from({ length: 20_000 }, (_, i) => `{"ruleId":"r${i}","locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a.ts"},"region":{"startLine":2}}}]}`).join()}]`,
    )
    const answer = await sarifText(content)
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json.checks_passed.security_scan).toMatchObject({ result: 'failed', issues_found: 20_000 })
  })
})

describe('a history and imports that are not meant well', () => {
  const short = (i: number) => i.toString(36)

  it('as many paths as may be', async () => {
    const full = Array.from({ length: MAX_HISTORY_COMMITS }, (_, c) => ({
      time: TIME,
      paths: Array.from({ length: MAX_PATHS_PER_COMMIT }, (_, p) => short((c * 7 + p) % 40_000)),
    }))
    expect(full.length * MAX_PATHS_PER_COMMIT).toBe(400_000)
    expectRefusalOrSuccess(await send({ history: full }), 'a full history')
  })

  it('every pair of thirty files in every commit', async () => {
    const paths = ['src/a.ts', ...Array.from({ length: 29 }, (_, i) => `f${i}`)]
    const answer = await send({
      history: Array.from({ length: MAX_HISTORY_COMMITS }, () => ({ time: TIME, paths })),
    })
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json.checks_passed.coupling_analysis).toMatchObject({
      result: 'failed',
      coupling_score: 10,
    })
  })

  it('inherited names', async () => {
    const history = Array.from({ length: 40 }, () => ({ time: TIME, paths: INHERITED }))
    const imports = INHERITED.map((path) => ({ path, imports: INHERITED }))
    const files = INHERITED.map((path) => ({ path: `${path}.ts`, content: `import './${path}'\n` }))
    for (const changed of [FILES, files, INHERITED.map((path) => ({ path, content: 'x\n' }))]) {
      const answer = await send({ history, imports }, changed)
      expect(answer.status, answer.text).toBe(201)
    }
  })

  it('imports in a circle of thousands, and more than are looked at', async () => {
    const circle = Array.from({ length: 5_000 }, (_, i) => ({
      path: i === 0 ? 'src/a.ts' : short(i),
      imports: [i === 4_999 ? 'src/a.ts' : short(i + 1)],
    }))
    expect((await send({ imports: circle })).status).toBe(201)
    const wide = Array.from({ length: 700 }, (_, i) => ({
      path: short(i),
      imports: Array.from({ length: 1_000 }, (_, k) => short(k)),
    }))
    const answer = await send({ imports: wide })
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json.checks_passed.coupling_analysis.result).toBe('not_evaluated')
  })

  it.each<[string, object, string]>([
    ['a commit too many', { history: Array(2_001).fill({ time: TIME, paths: [] }) }, 'evidence.history'],
    [
      'a path too many',
      { history: [{ time: TIME, paths: Array(201).fill('a') }] },
      'evidence.history[0].paths',
    ],
    ['a time that is none', { history: [{ time: 'now', paths: [] }] }, 'evidence.history[0].time'],
    ['a path that leaves', { history: [{ time: TIME, paths: ['../a'] }] }, 'evidence.history[0].paths[0]'],
    ['a hint too many', { imports: Array(5_001).fill({ path: 'a', imports: [] }) }, 'evidence.imports'],
    ['a report without a name', { sarif: [{ content: '' }] }, 'evidence.sarif[0].name'],
    ['a report with NUL', { sarif: [{ name: 'x', content: '\0' }] }, 'evidence.sarif[0].content'],
    ['an unknown kind', { blood: [] }, 'evidence.blood'],
    ['an empty token', { ci_token: '' }, 'evidence.ci_token'],
    ['an endless token', { ci_token: 'x'.repeat(16_385) }, 'evidence.ci_token'],
    ['a list for an object', [] as object, 'evidence'],
  ])('%s is refused, and says where', async (_, evidence, path) => {
    const answer = await send(evidence)
    expectProblem(answer, 422, 'invalid_input')
    expect(answer.json.errors[0].path).toBe(path)
  })

  it.each(['x', 'a.b.c', '..', 'e30.e30.', SQL, HTML, '\u{1f600}'.repeat(100)])(
    'the token %j',
    async (ci_token) => {
      expectProblem(await send({ ci_token }), 422, 'ci_identity_rejected')
    },
  )
})

describe('source that is not meant well', () => {
  const tooMuch: [string, string, string][] = [
    ['a megabyte on one line', 'a.js', `eval(x);${'a+'.repeat(500_000)}a`],
    ['ten thousand nested brackets', 'a.ts', `eval(x)\n${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['nothing but ten thousand nested brackets', 'a.ts', `${'('.repeat(10_000)}${')'.repeat(10_000)}`],
    ['nothing but a megabyte on one line', 'A.java', `${'a+'.repeat(500_000)}a`],
    ['ten thousand open calls', 'a.py', `eval(x)\n${'f('.repeat(10_000)}`],
    ['a list without an end', 'a.js', `eval(x)\na = [\n${"'x',\n".repeat(100_000)}`],
    ['mistakes without an end', 'a.ts', `eval(x)\n${'} ) ; <- @ \n'.repeat(100_000)}`],
  ]
  it.each(tooMuch)('%s is not evaluated', async (_, path, content) => {
    const answer = await send({}, [{ path, content }])
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json.checks_passed.security_scan).toMatchObject({
      result: 'not_evaluated',
      reasons: ['budget'],
    })
    expect(answer.json.explanation).toContain('not_scanned: 6')
  })

  const regularExpressions: [string, string][] = [
    ['what begins like a private key', '-----BEGIN RSA PRIVATE KEY-----\n'.repeat(30_000)],
    ['what begins like a URL with a password', `https://${'a:'.repeat(400_000)}`],
    ['what begins like a database’s address', 'postgres://a:'.repeat(70_000)],
    ['what begins like tokens', 'ghp_sk_live_xoxb-AKIA'.repeat(45_000)],
    ['one letter', 'a'.repeat(1_000_000)],
    ['white space', `${' '.repeat(999_000)}=`],
    ['quotes', '"\\'.repeat(400_000)],
    ['comments', '/*'.repeat(400_000)],
    ['templates', '`${'.repeat(300_000)],
    ['slashes', 'a=/['.repeat(250_000)],
  ]
  for (const path of ['a.js', 'a.tsx', 'a.py', 'a.go', 'A.java', 'a.rb']) {
    it.each(regularExpressions)(`%s in ${path}`, async (_, content) => {
      const answer = await send({}, [{ path, content }])
      expect(answer.status, answer.text.slice(0, 300)).toBe(201)
    })
  }
})

it('whatever is sent for evidence is refused or taken, and never a fault of ours', async () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...INHERITED, SQL, HTML, 1e308, -1))
  const report = fc.record({ name: fc.string(), content: fc.oneof(fc.string(), fc.json()) })
  const evidence = fc.oneof(
    value,
    fc.dictionary(fc.constantFrom('coverage', 'sarif', 'history', 'imports', 'ci_token', '__proto__'), value),
    fc.record({ coverage: fc.array(report), sarif: fc.array(report) }),
  )
  await fc.assert(
    fc.asyncProperty(evidence, async (given) => {
      expectRefusalOrSuccess(await send(given as object), JSON.stringify(given).slice(0, 200))
    }),
    { numRuns: 150 },
  )
})
