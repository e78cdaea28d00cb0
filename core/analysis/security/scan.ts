import type { FileChange } from '../change.ts'
import { languageOf } from '../source/language.ts'
import { isOtherSource } from '../source/other-languages.ts'
import { SYNTAX_BUDGET, type Syntax } from '../source/syntax.ts'
import type { Tokens } from '../source/tokens.ts'
import type { Severity } from './rule.ts'
import { findSecrets } from './secrets.ts'
import { type StructuralScan, scanStructure } from './structural.ts'

/** What was found here, on a line that the change added. */
export interface Finding {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly rule: string
  readonly title: string
  readonly cwe: readonly string[]
  readonly severity: Severity
}

export interface SecurityScan {
  readonly findings: readonly Finding[]
  /** Files with added lines that were too much to look through. */
  readonly unscanned: number
  /** Files with added lines in a language that no rule is written for. */
  readonly withoutRules: number
  /** Whether there was a line to look at. */
  readonly hasLines: boolean
  readonly secrets: number
}

const SECRET = { cwe: ['CWE-798'], severity: 'high' as const }

/** After so many files that were too much, the others are not tried: the change cannot pass any more. */
const MAX_UNSCANNED = 2
const UNWIELDY: StructuralScan = { findings: [], complete: false }

/** Secrets in every file, and structural rules in those whose language has some. @param tokens by path, of the files that are not unwieldy */
export async function scanSecurity(
  files: readonly FileChange[],
  syntax: Syntax,
  tokens: ReadonlyMap<string, Tokens>,
): Promise<SecurityScan> {
  const changed = files.filter((file) => file.addedLines.size > 0)
  const secrets = await findSecrets(changed)
  const budget = { ...SYNTAX_BUDGET }
  let unscanned = 0
  const structural = changed.flatMap((file): Finding[] => {
    if (languageOf(file.path) === null) return []
    const known = tokens.get(file.path)
    const givenUp = known === undefined || unscanned >= MAX_UNSCANNED
    const scan = givenUp ? UNWIELDY : scanStructure(file, syntax, budget, known)
    if (!scan.complete) unscanned++
    return scan.findings.map(({ rule, line }) => ({
      path: file.path,
      line,
      rule: rule.id,
      title: rule.title,
      cwe: rule.cwe,
      severity: rule.severity,
    }))
  })
  const found = secrets.map(({ path, line, rule }) => ({
    path,
    line,
    rule: `secret-${rule}`,
    title: 'A secret is in the code: revoke it, and read it from where secrets are kept',
    ...SECRET,
  }))
  return {
    findings: [...found, ...structural],
    unscanned,
    withoutRules: changed.filter(({ path }) => isOtherSource(path)).length,
    hasLines: changed.length > 0,
    secrets: secrets.length,
  }
}
