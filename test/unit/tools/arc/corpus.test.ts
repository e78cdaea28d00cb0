import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gramsOf } from '../../../../core/analysis/similarity/winnow.ts'
import { tokenise } from '../../../../core/analysis/source/tokens.ts'
import { type CorpusFile, readCorpus } from '../../../../tools/arc/corpus.ts'
import { encode, findIdioms, IDIOM_SHARE } from '../../../../tools/arc/idioms.ts'

const source = (name: string) => `export const ${name} = [1, 2, 3]\n`.repeat(20)

describe('ordinary code', () => {
  let directory = ''

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'corpus-'))
    const write = (file: string, content: string) => {
      mkdirSync(path.dirname(path.join(directory, file)), { recursive: true })
      writeFileSync(path.join(directory, file), content)
    }
    write('b/two.ts', source('two'))
    write('a/one.js', source('one'))
    write('a/equal.js', source('one'))
    write('a/types.d.ts', source('types'))
    write('a/small.min.js', source('small'))
    write('a/one-line.js', 'a;'.repeat(400))
    write('a/short.js', 'a\n')
    write('a/three.py', 'x = [1, 2, 3]\n'.repeat(20))
    write('a/read.me', source('text'))
  })

  afterAll(() => rmSync(directory, { recursive: true }))

  test('is read once each, without what is generated, tiny or of no language', () => {
    const files = readCorpus([directory]).map((file) => path.relative(directory, file.path))
    expect(files).toEqual([path.join('a', 'equal.js'), path.join('b', 'two.ts'), path.join('a', 'three.py')])
  })

  test('the files of a directory are in the same half each time', () => {
    const halves = readCorpus([directory]).map(({ half }) => half)
    expect(halves).toEqual(readCorpus([directory]).map(({ half }) => half))
    expect(halves[0]).toBe(halves[2])
  })
})

describe('idioms', () => {
  const file = (content: string, language: CorpusFile['language'] = 'typescript'): CorpusFile => ({
    path: '',
    content,
    language,
    half: 'learn',
  })
  const hashes = (content: string) => [...gramsOf(tokenise(content, 'typescript'), content).hash]
  // Each a gram, and each another: no two operators are alike.
  const rare = ['+', '-', '*', '/', '%', '&', '|', '^', '<', '>'].map((mark) => `a ${mark} b ${mark} c`)

  test('are what many files have, and not what one has often', () => {
    const files = [...rare.map((code) => file(code)), file('if (a) {}'), file('if (b) {}')]
    const often = `${'a = b ? c : d;'.repeat(50)}`
    const found = new Set(findIdioms([...files, file(often)]))
    expect(hashes('if (c) {}').every((hash) => found.has(hash))).toBe(true)
    expect(hashes('a = b ? c : d').some((hash) => found.has(hash))).toBe(false)
    expect(hashes(rare[0]!).some((hash) => found.has(hash))).toBe(false)
  })

  test('are counted by language', () => {
    const others = Array.from({ length: 3 / IDIOM_SHARE }, (_, index) => file(`a = ${index}`, 'python'))
    const found = findIdioms([file('if (a) {}'), file('if (b) {}'), ...others])
    expect(found).toEqual(expect.arrayContaining(hashes('if (a) {}')))
  })

  test('are written as four bytes each', () => {
    expect(Buffer.from(encode([1, 0xdeadbeef]), 'base64').toString('hex')).toBe('00000001deadbeef')
  })
})
