import { describe, expect, test } from 'vitest'
import { type FileChange, splitLines } from '../../../../../core/analysis/change.ts'
import { scanSecurity } from '../../../../../core/analysis/security/scan.ts'
import { languageOf } from '../../../../../core/analysis/source/language.ts'
import type { Syntax } from '../../../../../core/analysis/source/syntax.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'
import { syntaxForTests } from '../../../../support/grammars.ts'

const SECRET = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`
const EVAL = 'export const run = (req) => eval(req.query.code)\n'

function file(path: string, content: string, added?: readonly number[]): FileChange {
  const all = splitLines(content).map((_, index) => index + 1)
  return { path, content, addedLines: new Set(added ?? all), deletedLineCount: 0, previousKnown: true }
}

async function scan(...files: readonly FileChange[]) {
  const tokens = new Map(
    files.flatMap(({ path, content }) => {
      const language = languageOf(path)
      return language === null ? [] : [[path, tokenise(content, language)] as const]
    }),
  )
  return scanSecurity(files, await syntaxForTests(), tokens)
}

test('finds secrets and rules on changed lines, and says where, what and how bad', async () => {
  const { findings, ...rest } = await scan(
    file('src/a.ts', `const t = '${SECRET}'\n`),
    file('src/b.js', `\n${EVAL}`),
  )
  expect(findings).toEqual([
    {
      path: 'src/a.ts',
      line: 1,
      rule: 'secret-github',
      title: expect.stringMatching(/^A secret is in the code/),
      cwe: ['CWE-798'],
      severity: 'high',
    },
    {
      path: 'src/b.js',
      line: 2,
      rule: 'js-eval',
      title: expect.stringMatching(/^.{20,}$/),
      cwe: expect.arrayContaining([expect.stringMatching(/^CWE-\d+$/)]),
      severity: expect.stringMatching(/^(high|critical)$/),
    },
  ])
  expect(rest).toEqual({ unscanned: 0, withoutRules: 0, hasLines: true, secrets: 1 })
  expect(JSON.stringify(findings)).not.toContain(SECRET.slice(4))
})

test('what stands on lines that the change left alone is not the change', async () => {
  const content = `const t = '${SECRET}'\n${EVAL}const harmless = 1\n`
  expect((await scan(file('a.js', content, [3]))).findings).toEqual([])
  expect((await scan(file('a.js', content, [2, 3]))).findings).toMatchObject([{ rule: 'js-eval', line: 2 }])
})

describe('a file in which no rule of ours could find anything', () => {
  test.each<[string, number]>([
    ['a.rb', 1],
    ['a.php', 1],
    ['bin/deploy.sh', 1],
    ['test/deploy.sh', 1],
    ['a.c', 1],
    ['App.vue', 1],
    ['bin/deploy', 1],
    ['code', 1],
    ['a.unheardof', 1],
    ['a.ts', 0],
    ['a.py', 0],
    ['a.go', 0],
    ['A.java', 0],
    ['README.md', 0],
    ['LICENSE', 0],
    ['data.json', 0],
    ['.gitignore', 0],
    ['logo.svg', 0],
  ])('%s: %d', async (path, withoutRules) => {
    expect(await scan(file(path, 'x\n'))).toMatchObject({ withoutRules, unscanned: 0, findings: [] })
  })

  test('does not count when nothing was added to it', async () => {
    expect(await scan(file('a.rb', 'x\n', []))).toMatchObject({ withoutRules: 0, hasLines: false })
  })

  test('still has its secrets found', async () => {
    expect((await scan(file('a.rb', `t = '${SECRET}'\n`))).findings).toHaveLength(1)
  })
})

describe('what is too much to look through counts as not looked through', () => {
  const hostile: [string, string, string][] = [
    ['a megabyte on one line', 'a.js', `eval(x);${'a+'.repeat(500_000)}a`],
    ['ten thousand nested brackets', 'a.js', `eval(x)\n${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
    ['ten thousand brackets that never close', 'a.js', `eval(x)\n${'('.repeat(10_000)}`],
    ['ten thousand nested calls', 'a.py', `eval(x)\n${'f('.repeat(10_000)}${')'.repeat(10_000)}\n`],
    ['one declaration without an end', 'a.ts', `eval(x)\nconst a = [\n${"'x',\n".repeat(40_000)}]\n`],
    ['nested blocks', 'a.go', `package a\nfunc f() ${'{'.repeat(5_000)}exec.Command(x)${'}'.repeat(5_000)}`],
  ]
  test.each(hostile)('%s', { timeout: 60_000 }, async (_, path, content) => {
    expect(await scan(file(path, content))).toMatchObject({ unscanned: 1, withoutRules: 0 })
  })

  test('and the files beside it are looked through all the same', async () => {
    const [, path, content] = hostile[1]!
    const { findings, unscanned } = await scan(file(path, content), file('b.js', EVAL))
    expect(unscanned).toBe(1)
    expect(findings).toMatchObject([{ path: 'b.js', rule: 'js-eval' }])
  })

  test('a parser that gives up makes it so, secrets or not', async () => {
    const givesUp = { parse: () => null, query: () => expect.unreachable() } as unknown as Syntax
    const files = [file('a.js', `const t = '${SECRET}'\n${EVAL}`), file('b.js', EVAL)]
    expect(await scanSecurity(files, givesUp, new Map())).toMatchObject({ unscanned: 2, secrets: 1 })
  })
})

test('one budget is for all files of a change', async () => {
  const long = `${EVAL}${'export const f = (a: number, b: number) => [a, b, a + b].map((x) => x * 2)\n'.repeat(1_500)}`
  const { unscanned } = await scan(...Array.from({ length: 20 }, (_, i) => file(`${i}.ts`, long)))
  expect(unscanned).toBeGreaterThan(0)
  expect(unscanned).toBeLessThan(20)
})
