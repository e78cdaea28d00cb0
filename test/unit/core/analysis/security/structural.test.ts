// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import { describe, expect, test } from 'vitest'
import { scanStructure } from '../../../../../core/analysis/security/structural.ts'
import { SYNTAX_BUDGET } from '../../../../../core/analysis/source/syntax.ts'
import { syntaxForTests } from '../../../../support/grammars.ts'

/** Rules and lines of what is found on these lines, or on all. */
async function scan(path: string, content: string, lines?: readonly number[]) {
  const addedLines = new Set(lines ?? content.split('\n').map((_, index) => index + 1))
  const file = { path, content, addedLines, deletedLineCount: 0, previousKnown: true }
  const { findings, complete } = scanStructure(file, await syntaxForTests(), { ...SYNTAX_BUDGET })
  expect(complete).toBe(true)
  return findings.map(({ rule, line }) => `${rule.id}:${line}`)
}

const filler = (functions: number) =>
  Array.from(
    { length: functions },
    (_, i) => `function f${i}(a) {\n  return a + ${i} // so that it takes its place\n}\n`,
  ).join('')

describe('what is far from its imports', () => {
  const imports =
    "import { exec as run } from 'node:child_process'\nimport { exec } from 'node:child_process'\n"
  const last = 'export function last(req) {\n  exec(`ls ${req.query.dir}`)\n}\n'

  test.each([1, 500, 1_400, 3_000])('behind %i functions', async (functions) => {
    const content = imports + filler(functions) + last
    expect(await scan('a.ts', content)).toEqual([`js-child-process-exec:${2 + 3 * functions + 2}`])
  })

  test('in Python, under another name', async () => {
    const body = Array.from({ length: 2_500 }, (_, i) => `def f${i}(a):\n    return a + ${i}\n`).join('')
    const content = `import pickle as pk\n${body}def last(request):\n    return pk.loads(request.data)\n`
    expect(await scan('a.py', content)).toEqual(['py-unpickle:5003'])
  })
})

describe('a list of imports that was not changed, however long', () => {
  const names = Array.from({ length: 12 }, (_, i) => `  name${i},\n`).join('')
  const call = 'export function last(req) {\n  return exec(`ls ${req.query.dir}`)\n}\n'

  test('in TypeScript', async () => {
    const content = `import {\n${names}  exec,\n} from 'node:child_process'\n${call}`
    expect(await scan('a.ts', content, [17])).toEqual(['js-child-process-exec:17'])
  })

  test('in CommonJS', async () => {
    const content = `const {\n${names}  exec,\n} = require('child_process')\n${call}`
    expect(await scan('a.js', content, [17])).toEqual(['js-child-process-exec:17'])
  })
})

describe('calls in other ways of writing', () => {
  const handler = (call: string) =>
    `import mysql from 'mysql2/promise'\nconst pool = mysql.createPool({})\napp.get('/', async (req, res) => {\n  const [rows] = await ${call}\n  res.json(rows)\n})\n`

  test.each([
    "pool.query(`SELECT * FROM users WHERE id = '${req.query.id}'`)",
    "pool.query<RowDataPacket[]>(`SELECT * FROM users WHERE id = '${req.query.id}'`)",
    "pool.query?.(`SELECT * FROM users WHERE id = '${req.query.id}'`)",
    "pool.query!(`SELECT * FROM users WHERE id = '${req.query.id}'`)",
  ])('%s', async (call) => {
    expect(await scan('a.ts', handler(call))).toContain('js-sql-built:4')
  })
})
