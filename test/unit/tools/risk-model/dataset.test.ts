import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDataset } from '../../../../tools/risk-model/dataset.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'coderisk-dataset-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function write(name: string, text: string): void {
  writeFileSync(path.join(directory, name), gzipSync(text))
}

test('reads each project, in the order of names, and its commits by date', () => {
  write(
    'b.csv.gz',
    'date,bug,la,ld,nf,nd,ns,entropy,fix,exp\r\n9,0,1,2,3,4,5,0.5,1,77\r\n8,1,6,0,1,1,1,0,0,77\r\n',
  )
  write('a.csv.gz', 'fix,entropy,ns,nd,nf,ld,la,bug,date\n0,1.5,1,1,2,3,4,2,5\n')
  writeFileSync(path.join(directory, 'notes.txt'), 'not a project')
  expect(readDataset(directory)).toEqual([
    {
      name: 'a',
      commits: [
        { date: 5, bug: true, features: { la: 4, ld: 3, nf: 2, nd: 1, ns: 1, entropy: 1.5, fix: 0 } },
      ],
    },
    {
      name: 'b',
      commits: [
        { date: 8, bug: true, features: { la: 6, ld: 0, nf: 1, nd: 1, ns: 1, entropy: 0, fix: 0 } },
        { date: 9, bug: false, features: { la: 1, ld: 2, nf: 3, nd: 4, ns: 5, entropy: 0.5, fix: 1 } },
      ],
    },
  ])
})

test.each([
  ['a column is missing', 'date,bug,la,ld,nf,nd,ns,entropy\n1,0,1,1,1,1,1,0\n', 'p.csv.gz has no column fix'],
  [
    'a cell is no number',
    'date,bug,la,ld,nf,nd,ns,entropy,fix\n1,0,1,1,1,1,1,0,0\n1,0,x,1,1,1,1,0,0\n',
    'p.csv.gz:3',
  ],
  ['a cell is empty', 'date,bug,la,ld,nf,nd,ns,entropy,fix\n1,0,,1,1,1,1,0,0\n', 'p.csv.gz:2'],
  ['a row is short', 'date,bug,la,ld,nf,nd,ns,entropy,fix\n1,0,1,1,1,1,1,0\n', 'p.csv.gz:2'],
  ['a count is negative', 'date,bug,la,ld,nf,nd,ns,entropy,fix\n1,0,-1,1,1,1,1,0,0\n', 'p.csv.gz:2'],
])('%s', (_, text, problem) => {
  write('p.csv.gz', text)
  expect(() => readDataset(directory)).toThrow(problem)
})

test('a directory without projects', () => {
  expect(() => readDataset(directory)).toThrow('holds no *.csv.gz')
})
