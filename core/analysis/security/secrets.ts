import { lintSource } from '@secretlint/core'
import { secretLintProfiler } from '@secretlint/profiler'
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend'
import { type FileChange, splitLines } from '../change.ts'

/** A secret on a line of the change. Never the secret itself. */
export interface SecretFinding {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly rule: string
}

// Its marks cost more than a rule does, and nobody reads them.
secretLintProfiler.setEnabled(false)

const PRESET = '@secretlint/secretlint-rule-preset-recommend'
/** The comments by which a file asks not to be looked at are the author's, and the author is who is checked. */
const OPT_OUT_RULE = '@secretlint/secretlint-rule-filter-comments'
const preset: typeof recommended = {
  ...recommended,
  create: (context, options) =>
    recommended.create(
      {
        ...context,
        registerRule: (rule, defaults) => {
          if (rule.meta.id !== OPT_OUT_RULE) context.registerRule(rule, defaults)
        },
      },
      options,
    ),
}
const CONFIG = { rules: [{ id: PRESET, rule: preset, options: {} }] }

/** The preset wants a secret key beside it; an access-key id alone tells an attacker which account to try. */
const AWS_ACCESS_KEY_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g
const AWS_DOCUMENTATION_EXAMPLE = /EXAMPLE$/

/** What it costs to look grows with the square of what is found: 2 MB of secrets at once would take half a minute. */
const WINDOW_CHARACTERS = 32 * 1024
/** No secret is longer. One that the end of a piece cuts is whole in the next. */
const OVERLAP_CHARACTERS = 8 * 1024

/** A change with so many has failed; looking for more would tell nobody anything. */
const MAX_FINDINGS = 1_000

/** Secrets on added lines: secretlint's recommended rules, and ours. Old ones in untouched lines are not the change's. */
export async function findSecrets(files: readonly FileChange[]): Promise<SecretFinding[]> {
  const findings: SecretFinding[] = []
  for (const file of files) {
    if (findings.length < MAX_FINDINGS) findings.push(...(await findInFile(file)))
  }
  return findings
}

async function findInFile(file: FileChange): Promise<SecretFinding[]> {
  if (file.addedLines.size === 0) return []
  const found = new Map<string, SecretFinding>()
  const linesTold = new Set<number>()
  const report = (line: number, rule: string) => {
    linesTold.add(line)
    if (file.addedLines.has(line)) found.set(`${line} ${rule}`, { path: file.path, line, rule })
  }
  const lineAt = lineFinder(file.content)
  for (const window of windows(file.content)) {
    if (found.size >= MAX_FINDINGS) break
    // A line that has no end for many windows has been told of once one of them holds a secret.
    const first = lineAt(window.offset)
    if (first === lineAt(window.offset + window.text.length) && linesTold.has(first)) continue
    const result = await lintSource({
      source: { content: window.text, filePath: file.path, ext: extension(file.path), contentType: 'text' },
      options: { noPhysicFilePath: true, maskSecrets: true, config: CONFIG },
    })
    for (const { ruleId, range } of result.messages) {
      // By offsets: a carriage return or U+2028 alone ends a line to the linter, and not to us nor to Git.
      const last = lineAt(window.offset + range[1])
      for (let line = lineAt(window.offset + range[0]); line <= last; line++) {
        if (!file.addedLines.has(line)) continue
        report(line, shortRuleName(ruleId))
        break
      }
    }
  }
  splitLines(file.content).forEach((text, index) => {
    for (const [id] of text.matchAll(AWS_ACCESS_KEY_ID)) {
      if (!AWS_DOCUMENTATION_EXAMPLE.test(id)) report(index + 1, 'aws-access-key-id')
    }
  })
  return [...found.values()]
}

/** The content in pieces that overlap, cut at the ends of lines where there are any. */
function* windows(content: string): Generator<{ text: string; offset: number }> {
  for (let offset = 0; ; ) {
    const end = offset + WINDOW_CHARACTERS
    yield { text: content.slice(offset, end), offset }
    if (end >= content.length) return
    const newline = content.lastIndexOf('\n', end - OVERLAP_CHARACTERS)
    offset = newline > offset ? newline + 1 : end - OVERLAP_CHARACTERS
  }
}

/** The line, from 1, of the character at an offset; the content is gone through once, however many are asked for. */
function lineFinder(content: string): (offset: number) => number {
  const ends: number[] = []
  for (let at = content.indexOf('\n'); at !== -1; at = content.indexOf('\n', at + 1)) ends.push(at)
  return (offset) => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (ends[middle]! < offset) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}

function extension(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0] ?? ''
}

function shortRuleName(ruleId: string): string {
  return ruleId.replace(/^@secretlint\/secretlint-rule-/, '')
}
