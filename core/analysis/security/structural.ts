import type { QueryMatch } from 'web-tree-sitter'
import type { FileChange } from '../change.ts'
import { type Language, languageOf } from '../source/language.ts'
import { type SourcePiece, splitSource } from '../source/split.ts'
import type { ParsedSource, Syntax, SyntaxBudget } from '../source/syntax.ts'
import { type Tokens, tokenise } from '../source/tokens.ts'
import { collectNames, meetsSome } from './names.ts'
import type { Rule, RuleMatch, RuleSet } from './rule.ts'
import { ruleSetOf } from './rules/index.ts'
import { SourceView } from './source-view.ts'
import { WordFinder } from './word-finder.ts'

export interface StructuralFinding {
  readonly rule: Rule
  /** The first changed line of what was found, from 1. */
  readonly line: number
}

export interface StructuralScan {
  readonly findings: readonly StructuralFinding[]
  /** False when the file was too much to look at: what was found is not all. */
  readonly complete: boolean
}

const NOTHING: StructuralScan = { findings: [], complete: true }

/**
 * What the rules find on the changed lines of a file. A file in which no rule can find anything, for lack of the words
 * that it needs, is not parsed at all.
 */
export function scanStructure(
  file: FileChange,
  syntax: Syntax,
  budget: SyntaxBudget,
  tokens?: Tokens,
): StructuralScan {
  const language = languageOf(file.path)
  if (language === null || file.addedLines.size === 0) return NOTHING
  const rules = ruleSetOf(language)
  const known = tokens ?? tokenise(file.content, language)
  const active = possibleRules(rules, file.content, known)
  if (active.size === 0) return NOTHING
  const pieces = splitSource(file.content, known, file.addedLines)
  if (pieces === null) return { findings: [], complete: false }
  const found = new Map<string, StructuralFinding>()
  const changed = pieces.filter((piece) => touches(file.addedLines, piece.firstLine, piece.lastLine))
  for (const piece of changed) {
    const findings = scanPiece(piece, file.addedLines, { language, rules, active, syntax, budget })
    // What was too much once is not tried again: the file cannot pass any more.
    if (findings === null) return { findings: [...found.values()], complete: false }
    for (const finding of findings) found.set(`${finding.rule.id} ${finding.line}`, finding)
  }
  return { findings: [...found.values()], complete: true }
}

interface Work {
  readonly language: Language
  readonly rules: RuleSet
  readonly active: ReadonlySet<Rule>
  readonly syntax: Syntax
  readonly budget: SyntaxBudget
}

function scanPiece(piece: SourcePiece, lines: ReadonlySet<number>, work: Work): StructuralFinding[] | null {
  const { language, rules, syntax, budget } = work
  const parsed = syntax.parse(piece.text, language, budget)
  if (parsed === null) return null
  try {
    const source = new SourceView(language, parsed, { syntax, rules, budget })
    const matcher = new Matcher(piece, parsed, lines, work)
    const findings: StructuralFinding[] = []
    for (const rule of work.active) {
      const places = matcher.placesOf(rule)
      if (places === null) return null
      for (const { captures, line } of places) {
        if (rule.accept?.(describeMatch(rule, captures, source)) ?? true) findings.push({ rule, line })
      }
    }
    return budget.nodes < 0 || budget.steps < 0 ? null : findings
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error
    parsed.abandon()
    return null
  } finally {
    parsed.free()
  }
}

/** A match whose finding is on a changed line: the first of them. */
interface Place {
  readonly captures: QueryMatch['captures']
  readonly line: number
}

/** A pattern on a line of its own that captures the finding alone and compares nothing. */
const SHAPE = /^\([^@#]+@finding[^@#]*$/

/**
 * Matches the rules' queries in one piece. Many rules look at the same nodes (every call, say) and tell them apart by
 * themselves: the tree is gone through once for all of them. A pattern with predicates would cost milliseconds to
 * compile, and be tried on each of its matches.
 */
class Matcher {
  readonly #piece: SourcePiece
  readonly #parsed: ParsedSource
  readonly #lines: ReadonlySet<number>
  readonly #work: Work
  #byShape: ReadonlyMap<string, readonly Place[]> | undefined

  constructor(piece: SourcePiece, parsed: ParsedSource, lines: ReadonlySet<number>, work: Work) {
    this.#piece = piece
    this.#parsed = parsed
    this.#lines = lines
    this.#work = work
  }

  /** Null when the budget was not enough. */
  placesOf({ query }: Rule): readonly Place[] | null {
    this.#byShape ??= this.#matchShapes() ?? undefined
    const byShape = this.#byShape
    return byShape === undefined ? null : shapesOf(query).flatMap((shape) => byShape.get(shape) ?? [])
  }

  #matchShapes(): ReadonlyMap<string, readonly Place[]> | null {
    const { active, syntax, language, budget } = this.#work
    const shapes = [...new Set([...active].flatMap(({ query }) => shapesOf(query)))].sort()
    const query = syntax.query(language, shapes.join('\n'))
    if (query.patternCount() !== shapes.length) throw new Error(`not one pattern a line: ${shapes.join(' ')}`)
    const matches = this.#parsed.matches(query, budget)
    if (matches === null) return null
    const byShape = new Map<string, Place[]>(shapes.map((shape) => [shape, []]))
    for (const match of matches) byShape.get(shapes[match.patternIndex]!)!.push(...this.#locate(match))
    return byShape
  }

  /** Of a match on a changed line: the place. */
  #locate({ captures }: QueryMatch): Place[] {
    const finding = captures.find(({ name }) => name === 'finding')?.node
    if (finding === undefined) throw new Error('a rule has no capture @finding')
    if (finding.startPosition.row < this.#piece.prefixLines) return []
    const first = this.#piece.firstLine + finding.startPosition.row
    const line = firstIn(this.#lines, first, this.#piece.firstLine + finding.endPosition.row)
    return line === null ? [] : [{ captures, line }]
  }
}

/** The patterns of a query, one a line. */
function shapesOf(query: string): readonly string[] {
  const shapes = query.trim().split('\n')
  const other = shapes.find((shape) => !SHAPE.test(shape))
  if (other !== undefined) throw new Error(`not a plain pattern with @finding: ${other}`)
  return shapes
}

function describeMatch(rule: Rule, captures: QueryMatch['captures'], source: SourceView): RuleMatch {
  const find = (name: string) => captures.find((capture) => capture.name === name)?.node ?? null
  return {
    node: (name) => find(name) ?? missing(rule, name),
    maybe: find,
    source,
  }
}

/** Rules whose words are all in the content, and one of whose names is. */
function possibleRules(set: RuleSet, content: string, tokens: Tokens): Set<Rule> {
  let finder = finders.get(set)
  if (finder === undefined) {
    finder = new WordFinder(set.rules.flatMap(({ needs }) => needs.flat().map(withoutBracket)))
    finders.set(set, finder)
  }
  const words = finder.find(content)
  const has = (word: string) => words.has(withoutBracket(word))
  const possible = set.rules.filter(({ needs }) =>
    needs.every((need) => (typeof need === 'string' ? has(need) : need.some(has))),
  )
  if (possible.length === 0) return new Set()
  const names = collectNames(tokens, content)
  return new Set(possible.filter((rule) => rule.names === undefined || meetsSome(names, rule.names)))
}

/** `query(` is also `query<Row>(` and `query?.(`; that it is called, `names` tell. */
function withoutBracket(word: string): string {
  return word.replace(/(?<=\w)[({]$/, '')
}

const finders = new WeakMap<RuleSet, WordFinder>()

function touches(lines: ReadonlySet<number>, first: number, last: number): boolean {
  for (const line of lines) if (line >= first && line <= last) return true
  return false
}

function firstIn(lines: ReadonlySet<number>, first: number, last: number): number | null {
  for (let line = first; line <= last; line++) if (lines.has(line)) return line
  return null
}

function missing(rule: Rule, capture: string): never {
  throw new Error(`${rule.id} has no capture @${capture}`)
}
