import { globSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { RULE_SETS } from '../../core/analysis/security/rules/index.ts'
import { scanStructure } from '../../core/analysis/security/structural.ts'
import type { Language } from '../../core/analysis/source/language.ts'
import { SYNTAX_BUDGET } from '../../core/analysis/source/syntax.ts'
import { syntaxOfThisProcess } from '../../stack/syntax.ts'
import { readLabelled } from '../../test/labelled/security/read.ts'
import { evaluate, type Finding, markdownTable } from './evaluate.ts'

const SAMPLES = path.resolve(import.meta.dirname, '../../test/unit/core/analysis/security/rules/samples')
const EXTENSIONS: Readonly<Record<Language, string>> = {
  javascript: 'js',
  typescript: 'ts',
  tsx: 'tsx',
  python: 'py',
  go: 'go',
  java: 'java',
}

if (import.meta.main) {
  const evaluation = await evaluate(readLabelled(), scanSnippet)
  console.log(`${await samplesTable()}\n${markdownTable(evaluation)}`)
  for (const { sample, findings } of evaluation.falsePositives) {
    console.error(
      `found in safe code    ${sample}: ${findings.map(({ rule, line }) => `${rule}:${line}`).join(' ')}`,
    )
  }
  for (const { sample, findings } of evaluation.falseNegatives) {
    console.error(
      `not found             ${sample} (${findings.map(({ rule }) => rule).join(' ') || 'nothing at all'})`,
    )
  }
}

/** What the rules find in a snippet, each of its lines taken as changed. */
export async function scanSnippet(language: Language, code: string): Promise<Finding[]> {
  const addedLines = new Set(code.split('\n').map((_, index) => index + 1))
  const path = `snippet.${EXTENSIONS[language]}`
  const file = { path, content: code, addedLines, deletedLineCount: 0, previousKnown: false }
  const { findings } = scanStructure(file, await syntaxOfThisProcess(), { ...SYNTAX_BUDGET })
  return findings.map(({ rule, line }) => ({ rule: rule.id, cwe: rule.cwe, line }))
}

/** Code, or code of some of the languages of its set only. */
type RuleSample = string | { readonly code: string; readonly languages: readonly Language[] }

interface RuleSamples {
  readonly positive: readonly RuleSample[]
  readonly negative: readonly RuleSample[]
}

/** The rules by family of languages, and how they do on the samples that their own authors wrote. */
export async function samplesTable(): Promise<string> {
  const samples = await readSamples()
  const header = [
    '| languages | rules | kinds of weakness | samples | precision | recall |',
    '|---|---:|---:|---:|---:|---:|',
  ]
  const rows: string[] = []
  for (const { languages, rules } of RULE_SETS) {
    const weaknesses = new Set(rules.map(({ cwe }) => cwe[0]))
    const counts = { found: 0, missed: 0, false: 0, silent: 0 }
    for (const { id } of rules) {
      const { positive, negative } = samples.get(id) ?? { positive: [], negative: [] }
      for (const code of positive) (await finds(id, languages[0]!, code)) ? counts.found++ : counts.missed++
      for (const code of negative) (await finds(id, languages[0]!, code)) ? counts.false++ : counts.silent++
    }
    const total = counts.found + counts.missed + counts.false + counts.silent
    const precision = percent(counts.found / (counts.found + counts.false))
    const recall = percent(counts.found / (counts.found + counts.missed))
    rows.push(
      `| ${languages.join(', ')} | ${rules.length} | ${weaknesses.size} | ${total} | ${precision} | ${recall} |`,
    )
  }
  const all = RULE_SETS.reduce((sum, { rules }) => sum + rules.length, 0)
  return [...header, ...rows, `| all | ${all} | | | | |`, ''].join('\n')
}

async function finds(rule: string, language: Language, sample: RuleSample): Promise<boolean> {
  const { code, languages } = typeof sample === 'string' ? { code: sample, languages: [language] } : sample
  return (await scanSnippet(languages[0]!, code)).some((finding) => finding.rule === rule)
}

/** Of all the modules of samples, which are beside the rules' tests. */
async function readSamples(): Promise<Map<string, RuleSamples>> {
  const samples = new Map<string, RuleSamples>()
  for (const file of globSync('**/*.ts', { cwd: SAMPLES })) {
    const module = (await import(pathToFileURL(path.join(SAMPLES, file)).href)) as Record<string, unknown>
    for (const exported of Object.values(module)) {
      for (const [id, value] of Object.entries(exported as Record<string, RuleSamples>)) {
        if (Array.isArray(value?.positive)) samples.set(id, value)
      }
    }
  }
  return samples
}

/** Rounded down. */
function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}
