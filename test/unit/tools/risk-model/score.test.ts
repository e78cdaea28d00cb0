import { spawn } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ChangeFeatures, predict } from '../../../../core/analysis/risk/model.ts'

const SCRIPT = path.resolve(import.meta.dirname, '../../../../tools/risk-model/score.ts')

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function score(...pieces: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SCRIPT])
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.on('error', () => {})
    for (const piece of pieces) child.stdin.write(piece)
    child.stdin.end()
  })
}

/** What standard output is for these changes. */
function lines(...features: readonly ChangeFeatures[]): string {
  return features.map((one) => `${predict(one).probability.toFixed(6)}\n`).join('')
}

const HEADER = 'la,ld,nf,nd,ns,entropy,fix'
const FIRST: ChangeFeatures = { la: 10, ld: 2, nf: 1, nd: 1, ns: 1, entropy: 0, fix: true }
const SECOND: ChangeFeatures = { la: 500, ld: 20, nf: 8, nd: 4, ns: 2, entropy: 2.5, fix: false }

describe('probabilities, in the order of the rows and nothing else', () => {
  test.each([
    ['as documented', `${HEADER}\n10,2,1,1,1,0,1\n500,20,8,4,2,2.5,0\n`, [FIRST, SECOND]],
    ['no line end at the end', `${HEADER}\n10,2,1,1,1,0,1`, [FIRST]],
    ['CRLF', `${HEADER}\r\n10,2,1,1,1,0,1\r\n500,20,8,4,2,2.5,0\r\n`, [FIRST, SECOND]],
    ['byte order mark', `\uFEFF${HEADER}\n10,2,1,1,1,0,1\n`, [FIRST]],
    ['quoted cells and spaces', `"la", ld ,"nf",nd,ns,entropy,fix\n"10", 2 ,"1",1,1,0,"1"\n`, [FIRST]],
    ['other order', `fix,entropy,ns,nd,nf,ld,la\n1,0,1,1,1,2,10\n`, [FIRST]],
    [
      'further columns, with commas and line ends in them',
      `message,${HEADER},exp\n"fix: a, b\n\n""c""",10,2,1,1,1,0,1,x\n,500,20,8,4,2,2.5,0,\n`,
      [FIRST, SECOND],
    ],
    ['true and false', `${HEADER}\n10,2,1,1,1,0,True\n500,20,8,4,2,2.5,FALSE\n`, [FIRST, SECOND]],
    ['decimals', `${HEADER}\n10.0,2.0,1.0,1e0,1.,.0,1.0\n`, [FIRST]],
    [
      'an empty fix is not known',
      `${HEADER}\n10,2,1,1,1,0,\n500,20,8,4,2,2.5,0\n`,
      [{ ...FIRST, fix: null }, SECOND],
    ],
    ['no column fix', `la,ld,nf,nd,ns,entropy\n10,2,1,1,1,0\n`, [{ ...FIRST, fix: null }]],
    ['blank lines at the end', `${HEADER}\n10,2,1,1,1,0,1\n\n\n`, [FIRST]],
    ['no row', `${HEADER}\n`, []],
  ] as [string, string, ChangeFeatures[]][])('%s', async (_, input, features) => {
    expect(await score(input)).toEqual({ code: 0, stdout: lines(...features), stderr: '' })
  })

  test('cut anywhere', async () => {
    const { stdout, code } = await score(...`${HEADER}\r\n10,"2",1,1,1,0,1\r\n500,20,8,4,2,2.5,0`)
    expect({ stdout, code }).toEqual({ stdout: lines(FIRST, SECOND), code: 0 })
  })

  test('many rows, more than a pipe holds', async () => {
    const count = 50_000
    const { stdout, code } = await score(`${HEADER}\n`, '500,20,8,4,2,2.5,0\n'.repeat(count))
    expect(code).toBe(0)
    expect(stdout).toBe(lines(SECOND).repeat(count))
  })
})

describe('malformed input: code 2, and the line on standard error', () => {
  test.each([
    ['nothing', '', 'line 1: there is no header', 0],
    ['a column is missing', 'la,ld,nf,nd,ns,fix\n1,1,1,1,1,1\n', 'line 1: the header lacks entropy', 0],
    ['no header', '10,2,1,1,1,0,1\n', 'line 1: the header lacks la, ld', 0],
    ['a column twice', `${HEADER},la\n1,1,1,1,1,0,1,1\n`, 'line 1: the column la is there twice', 0],
    ['no number', `${HEADER}\n10,2,1,1,1,0,1\n10,2,1,x,1,0,1\n`, 'line 3: nd is not a number', 1],
    ['hexadecimal', `${HEADER}\n0x10,2,1,1,1,0,1\n`, 'line 2: la is not a number', 0],
    ['negative', `${HEADER}\n10,-2,1,1,1,0,1\n`, 'line 2: ld is not a number of 0 or more', 0],
    ['not a number', `${HEADER}\n10,2,1,1,1,NaN,1\n`, 'line 2: entropy is not a number', 0],
    ['empty', `${HEADER}\n,2,1,1,1,0,1\n`, 'line 2: la is not a number', 0],
    ['odd fix', `${HEADER}\n10,2,1,1,1,0,maybe\n`, 'line 2: fix is none of', 0],
    [
      'fix by the name of a member of every object',
      `${HEADER}\n10,2,1,1,1,0,constructor\n`,
      'line 2: fix is',
      0,
    ],
    ['too few cells', `${HEADER}\n10,2,1,1,1,0\n`, 'line 2: has 6 cells where the header has 7', 0],
    ['too many cells', `${HEADER}\n10,2,1,1,1,0,1,1\n`, 'line 2: has 8 cells', 0],
    ['a blank line in between', `${HEADER}\n10,2,1,1,1,0,1\n\n10,2,1,1,1,0,1\n`, 'line 3: is empty', 1],
    ['text after a quote', `${HEADER}\n10,2,1,1,1,0,1\n"10"0,2,1,1,1,0,1\n`, 'line 3: text follows', 1],
    ['a quote not closed', `${HEADER}\n"10,2,1,1,1,0,1\n`, 'line 2: a quoted cell is not closed', 0],
    [
      'lines within quotes count',
      `m,${HEADER}\n"a\nb",10,2,1,1,1,0,1\n,10,2,1,1,1,0,2\n`,
      'line 4: fix is',
      1,
    ],
  ])('%s', async (_, input, message, printed) => {
    const { code, stdout, stderr } = await score(input)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stdout).toBe(lines(FIRST).repeat(printed))
  })
})

test('a reader that stops early ends it without a word', async () => {
  const child = spawn(process.execPath, [SCRIPT])
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin.on('error', () => {})
  child.stdout.once('data', () => child.stdout.destroy())
  child.stdin.end(`${HEADER}\n${'10,2,1,1,1,0,1\n'.repeat(100_000)}`)
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})
