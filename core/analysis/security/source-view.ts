import type { Node, QueryMatch } from 'web-tree-sitter'
import type { Language } from '../source/language.ts'
import type { ParsedSource, Syntax, SyntaxBudget } from '../source/syntax.ts'
import type { RuleSet } from './rule.ts'

/** What a name stands for when it was imported: `import { exec as run } from 'child_process'`. */
export interface Import {
  /** Without quotes: `child_process`, `os.path`, `crypto/md5`. */
  readonly module: string
  /** `exec`; null when the name stands for the module itself. */
  readonly imported: string | null
}

/** Names that lead to each other in a circle, or too far, are given up. */
const MAX_DEPTH = 8
/** Nodes looked at to judge one expression. */
const MAX_EXPRESSION_NODES = 400

/** A parsed piece of source as rules ask about it. What it finds out it keeps; it lives as long as its tree. */
export class SourceView {
  readonly language: Language
  readonly #parsed: ParsedSource
  readonly #syntax: Syntax
  readonly #rules: RuleSet
  readonly #budget: SyntaxBudget
  #bindings: Map<string, Node[]> | undefined
  #imports: Map<string, Import> | undefined

  constructor(
    language: Language,
    parsed: ParsedSource,
    tools: { syntax: Syntax; rules: RuleSet; budget: SyntaxBudget },
  ) {
    this.language = language
    this.#parsed = parsed
    this.#syntax = tools.syntax
    this.#rules = tools.rules
    this.#budget = tools.budget
  }

  get root(): Node {
    return this.#parsed.root
  }

  /** Takes what a rule goes through by itself off the budget; false once that is used up, and the rule must stop. */
  spend(nodes: number): boolean {
    this.#budget.nodes -= nodes
    return this.#budget.nodes >= 0
  }

  /** What was last bound to a name before a place; else what is bound to it anywhere. Null when nothing is known. */
  valueOf(name: string, before: Node): Node | null {
    const values = this.#bindingsOf().get(name) ?? []
    return values.findLast((value) => value.startIndex < before.startIndex) ?? values[0] ?? null
  }

  /** Everything that is bound to a name, in the order of the source. */
  valuesOf(name: string): readonly Node[] {
    return this.#bindingsOf().get(name) ?? []
  }

  /** What a local name was imported as; null when it was not. */
  importOf(local: string): Import | null {
    return this.#importsOf().get(local) ?? null
  }

  /** Whether anything of a module is imported; `test` gets the module's name without quotes. */
  imports(test: (module: string) => boolean): boolean {
    return [...this.#importsOf().values()].some(({ module }) => test(module))
  }

  /**
   * Whether an expression is known to be the same at every run: literals, their concatenation, and names that only
   * ever stand for such. What is not known is not constant.
   */
  isConstant(node: Node, depth = MAX_DEPTH): boolean {
    if (depth === 0 || --this.#budget.nodes < 0) return false
    if (this.#rules.literals.has(node.type)) return !hasInterpolation(node)
    if (this.#rules.transparent.has(node.type)) {
      return node.namedChildren.every(
        (child) => child.type === 'comment' || this.isConstant(child, depth - 1),
      )
    }
    if (node.type !== 'identifier') return false
    const values = this.valuesOf(node.text)
    return values.length > 0 && values.every((value) => this.isConstant(value, depth - 1))
  }

  /**
   * Whether an expression, or what the names in it stand for, has a part for which `test` holds. Goes through names
   * within the same file: `const path = req.query.file; open(path)`.
   */
  involves(node: Node, test: (part: Node) => boolean): boolean {
    let left = MAX_EXPRESSION_NODES
    const seen = new Set<string>()
    const look = (part: Node): boolean => {
      if (--left < 0 || --this.#budget.nodes < 0) return false
      if (test(part)) return true
      if (part.type === 'identifier' && !seen.has(part.text)) {
        seen.add(part.text)
        if (this.valuesOf(part.text).some(look)) return true
      }
      return part.namedChildren.some(look)
    }
    return look(node)
  }

  #bindingsOf(): Map<string, Node[]> {
    if (this.#bindings !== undefined) return this.#bindings
    const bindings = new Map<string, Node[]>()
    for (const match of this.#match(this.#rules.bindings)) {
      const value = capture(match, 'value')
      const name = capture(match, 'name')?.text
      if (name === undefined || value === null) continue
      const known = bindings.get(name)
      if (known === undefined) bindings.set(name, [value])
      else known.push(value)
    }
    for (const values of bindings.values()) values.sort((a, b) => a.startIndex - b.startIndex)
    this.#bindings = bindings
    return bindings
  }

  #importsOf(): Map<string, Import> {
    if (this.#imports !== undefined) return this.#imports
    const imports = new Map<string, Import>()
    for (const match of this.#match(this.#rules.imports)) {
      const module = capture(match, 'module')?.text.replace(/^(?:node:)?["'`]|["'`]$/g, '')
      if (module === undefined) continue
      const name = module.replace(/^node:/, '')
      const local = capture(match, 'local')?.text ?? name.split(/[./]/).at(-1)!
      imports.set(local, { module: name, imported: capture(match, 'imported')?.text ?? null })
    }
    this.#imports = imports
    return imports
  }

  #match(query: string): QueryMatch[] {
    const matches = this.#parsed.matches(this.#syntax.query(this.language, query), this.#budget)
    // Without it a rule would take what it does not know for harmless: the piece has not been looked at then.
    if (matches === null) this.#budget.nodes = -1
    return matches ?? []
  }
}

function capture(match: QueryMatch, name: string): Node | null {
  return match.captures.find((candidate) => candidate.name === name)?.node ?? null
}

const INTERPOLATIONS = new Set(['template_substitution', 'interpolation'])

function hasInterpolation(node: Node): boolean {
  return node.namedChildren.some((child) => INTERPOLATIONS.has(child.type))
}
