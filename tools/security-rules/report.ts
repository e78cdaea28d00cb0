import { RULE_SETS } from '../../core/analysis/security/rules/index.ts'
import { scanStructure } from '../../core/analysis/security/structural.ts'
import type { Language } from '../../core/analysis/source/language.ts'
import { SYNTAX_BUDGET } from '../../core/analysis/source/syntax.ts'
import { syntaxOfThisProcess } from '../../stack/syntax.ts'
import { readLabelled } from '../../test/labelled/security/read.ts'
import { evaluate, type Finding, markdownTable } from './evaluate.ts'

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
  console.log(`${rulesTable()}\n${markdownTable(evaluation)}`)
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

/** How many rules there are, and for how many kinds of weakness. */
export function rulesTable(): string {
  const rows = RULE_SETS.map(({ languages, rules }) => {
    const weaknesses = new Set(rules.flatMap(({ cwe }) => cwe.slice(0, 1)))
    return `| ${languages.join(', ')} | ${rules.length} | ${weaknesses.size} |`
  })
  const all = RULE_SETS.reduce((sum, { rules }) => sum + rules.length, 0)
  return [
    '| languages | rules | kinds of weakness |',
    '|---|---|---|',
    ...rows,
    `| all | ${all} | |`,
    '',
  ].join('\n')
}
