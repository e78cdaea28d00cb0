import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RuleSet } from '../../../../../../core/analysis/security/rule.ts'
import { type StructuralScan, scanStructure } from '../../../../../../core/analysis/security/structural.ts'
import type { Language } from '../../../../../../core/analysis/source/language.ts'
import { SYNTAX_BUDGET } from '../../../../../../core/analysis/source/syntax.ts'
import { syntaxForTests } from '../../../../../support/grammars.ts'

/** Code, which is read in each of the set's languages, or in some of them. */
export type Sample = string | { readonly code: string; readonly languages: readonly Language[] }

/** Code that a rule must find something in, and code of the same look that it must not. */
export interface RuleSamples {
  readonly positive: readonly Sample[]
  readonly negative: readonly Sample[]
}

const EXTENSIONS: Readonly<Record<Language, string>> = {
  javascript: 'js',
  typescript: 'ts',
  tsx: 'tsx',
  python: 'py',
  go: 'go',
  java: 'java',
}

/** Ids of the rules that find something, each line of the code taken as changed. */
export async function findRules(language: Language, code: string): Promise<string[]> {
  const scan = await scanCode(language, code)
  expect(scan.complete).toBe(true)
  return scan.findings.map(({ rule }) => rule.id)
}

/** Holds each rule of a set to its samples, in each of the set's languages. */
export function describeRules(set: RuleSet, samples: Readonly<Record<string, RuleSamples>>): void {
  it('has samples for every rule, and none for others', () => {
    expect(Object.keys(samples).sort()).toEqual(set.rules.map(({ id }) => id).sort())
  })
  describe.each(set.rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    const { positive = [], negative = [] } = samples[id] ?? {}

    it('is described', () => {
      expect(rule.title.length).toBeGreaterThan(20)
      expect(rule.cwe.every((name) => /^CWE-\d+$/.test(name))).toBe(true)
      expect(positive.length).toBeGreaterThanOrEqual(3)
      expect(negative.length).toBeGreaterThanOrEqual(3)
    })

    describe.each(set.languages)('in %s', (language) => {
      it.each(codeIn(language, positive))('finds %j', async (code) => {
        expect(await findRules(language, code)).toContain(id)
      })

      it.each(codeIn(language, negative))('is silent on %j', async (code) => {
        expect(await findRules(language, code)).not.toContain(id)
      })
    })
  })
}

/** Holds a set to staying within its budget and throwing nothing, whatever its samples are turned into. */
export function describeMutations(set: RuleSet, samples: Readonly<Record<string, RuleSamples>>): void {
  const codes = Object.values(samples).flatMap(({ positive, negative }) => [...positive, ...negative])
  const sources = codes.map((sample) => (typeof sample === 'string' ? sample : sample.code))

  it('throws nothing on cut, spliced, doubled and garbled samples', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...set.languages), mutated(sources), async (language, code) => {
        const { findings } = await scanCode(language, code)
        const last = code.split('\n').length
        for (const { line } of findings) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(last)
        }
      }),
      { numRuns: 400 },
    )
  })
}

/** Pieces of samples, some of them without a few characters or with a few more. */
function mutated(sources: readonly string[]): fc.Arbitrary<string> {
  const piece = fc
    .tuple(fc.constantFrom(...sources), fc.nat(1_000), fc.nat(1_000), fc.string({ maxLength: 6 }))
    .chain(([source, from, to, noise]) => {
      const [start, end] = [from % (source.length + 1), to % (source.length + 1)].sort((a, b) => a - b)
      return fc.constantFrom(
        source,
        source.slice(start, end),
        source.slice(0, start) + source.slice(end),
        source.slice(0, start) + noise + source.slice(start),
        source.replaceAll(/['"`]/g, noise),
        source.replaceAll(/\b[a-z]\w*/g, (word) => (word.length % 3 === 0 ? noise : word)),
      )
    })
  return fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('\n'))
}

function codeIn(language: Language, samples: readonly Sample[]): string[] {
  return samples.flatMap((sample) => {
    if (typeof sample === 'string') return [sample]
    return sample.languages.includes(language) ? [sample.code] : []
  })
}

async function scanCode(language: Language, code: string): Promise<StructuralScan> {
  const addedLines = new Set(code.split('\n').map((_, index) => index + 1))
  const file = {
    path: `sample.${EXTENSIONS[language]}`,
    content: code,
    addedLines,
    deletedLineCount: 0,
    previousKnown: false,
  }
  return scanStructure(file, await syntaxForTests(), { ...SYNTAX_BUDGET })
}
