import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { Language as Grammar, Parser } from 'web-tree-sitter'
import { LANGUAGES } from '../../../../core/analysis/source/language.ts'
import { CWE_FAMILIES } from '../../../../tools/security-rules/evaluate.ts'
import { LABELLED_FILES, readLabelled } from '../../../labelled/security/read.ts'

const FEWEST = { all: 150, perFile: 28 }

/** Type arguments before a template are TypeScript, but not to the grammar. */
const UNKNOWN_TO_THE_GRAMMAR = ['ts-safe-prisma-tagged']

const samples = readLabelled()

describe('the labelled snippets', () => {
  test('are as many as the published figures need', () => {
    expect(samples.length).toBeGreaterThanOrEqual(FEWEST.all)
    for (const file of LABELLED_FILES) {
      const ofFile = readLabelled([file])
      expect(ofFile.length, file).toBeGreaterThanOrEqual(FEWEST.perFile)
      const languages = file === 'typescript' ? ['typescript', 'tsx'] : [file]
      expect([...new Set(ofFile.map(({ language }) => language))], file).toEqual(languages)
    }
  })

  test('are vulnerable and safe in like numbers, in each file', () => {
    for (const file of LABELLED_FILES) {
      const ofFile = readLabelled([file])
      const share = ofFile.filter(({ vulnerable }) => vulnerable).length / ofFile.length
      expect(share, file).toBeGreaterThan(0.45)
      expect(share, file).toBeLessThan(0.65)
    }
  })

  test('have an id and a text of their own', () => {
    for (const values of [samples.map(({ id }) => id), samples.map(({ code }) => code)]) {
      expect(new Set(values).size).toBe(samples.length)
    }
  })

  test('have no kind of flaw that no finding could match, and leave no kind out', () => {
    const known: Record<string, readonly number[]> = CWE_FAMILIES
    const labelled = samples.flatMap(({ cwe }) => cwe.map((text) => Number(text.slice('CWE-'.length))))
    expect(labelled.filter((number) => !Object.values(known).flat().includes(number))).toEqual([])
    const missing = Object.keys(known).filter(
      (family) => !known[family]!.some((number) => labelled.includes(number)),
    )
    expect(missing).toEqual([])
  })
})

describe('the syntax of the labelled snippets', () => {
  const { resolve } = createRequire(import.meta.url)
  const grammars = new Map<string, Grammar>()

  beforeAll(async () => {
    await Parser.init()
    for (const language of LANGUAGES) {
      const file = resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${language}.wasm`)
      grammars.set(language, await Grammar.load(file))
    }
  })

  test('is that of their language, one known exception aside', () => {
    const parser = new Parser()
    const broken = samples.filter(({ language, code }) => {
      parser.setLanguage(grammars.get(language)!)
      const tree = parser.parse(code)!
      const { hasError } = tree.rootNode
      tree.delete()
      return hasError
    })
    parser.delete()
    expect(broken.map(({ id }) => id)).toEqual(UNKNOWN_TO_THE_GRAMMAR)
  })
})
