import { Language as Grammar, type Node, Parser, Query, type QueryMatch, type Tree } from 'web-tree-sitter'
import type { Language } from './language.ts'
import { type Runtime, startRuntime } from './runtime.ts'

/** tree-sitter and its grammars, compiled: a Worker may not compile WebAssembly, so they come from outside. */
export interface SyntaxModules {
  /** `web-tree-sitter.wasm`. */
  readonly runtime: WebAssembly.Module
  readonly grammars: Readonly<Record<Language, WebAssembly.Module>>
}

/** Parses source. It keeps one parser for each language; all of its calls are synchronous. */
export interface Syntax {
  /**
   * @param budget shared by all files of a change; what this file costs is taken off it
   * @returns null when the budget was not enough: nothing is known of the file then
   */
  parse(content: string, language: Language, budget: SyntaxBudget): ParsedSource | null
  /** Compiles a query; the same text for the same language gives the same query. @throws on a malformed one */
  query(language: Language, text: string): Query
}

/** A tree, to be freed: its memory is not the garbage collector's. */
export interface ParsedSource {
  readonly root: Node
  /** The matches of `query`; null when the budget was not enough. @param lines from the first to the last, from 1 */
  matches(query: Query, budget: SyntaxBudget, lines?: { first: number; last: number }): QueryMatch[] | null
  /** After a `WebAssembly.RuntimeError`: the runtime begins anew, and nothing of the tree is left to free. */
  abandon(): void
  free(): void
}

/** What may still be spent. tree-sitter reports its progress every so many operations: such a report is a step. */
export interface SyntaxBudget {
  steps: number
  nodes: number
}

/** For all files of a change. 20,000 lines of TypeScript take some 6,500 steps and 215,000 nodes. */
export const SYNTAX_BUDGET: Readonly<SyntaxBudget> = { steps: 10_000, nodes: 350_000 }
/** Of these, what one file may take to be parsed. */
const MAX_PARSE_STEPS = 6_400

/** Deeper trees are no code that people read; following one costs the square of its depth. */
const MAX_DEPTH = 1_000
/**
 * A query goes through the children of an error node again for each of them. This bounds the sum of the squares of
 * their numbers.
 */
const MAX_SQUARED_ERROR_CHILDREN = 4_000_000
/** States of a query that are open at once. */
const MAX_OPEN_MATCHES = 4_096

/**
 * Source that people write advances the parser by 75 to 200 characters a step. What makes it follow many readings at
 * once advances by a fraction of that: it is given up after a head start, which is some 40 KB of ordinary source.
 */
const HEAD_START_STEPS = 400
/** Steps in which it looks for a way on after an error. Each may cost a thousand times as much as an ordinary one. */
const MAX_ERROR_STEPS = 24

const MIN_BYTES_PER_STEP = 2 * 62

/** Makes a parser of compiled modules. Once per isolate: the runtime is a singleton of its package. */
export async function openSyntax(modules: SyntaxModules): Promise<Syntax> {
  return new TreeSitter(modules, await startRuntime(modules.runtime))
}

class TreeSitter implements Syntax {
  readonly #modules: SyntaxModules
  readonly #runtime: Runtime
  readonly #parsers = new Map<Language, Parser>()
  readonly #queries = new Map<string, Query>()

  constructor(modules: SyntaxModules, runtime: Runtime) {
    this.#modules = modules
    this.#runtime = runtime
  }

  parse(content: string, language: Language, budget: SyntaxBudget): ParsedSource | null {
    try {
      return this.#parse(content, language, budget)
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
      this.#reset()
      return null
    }
  }

  #parse(content: string, language: Language, budget: SyntaxBudget): ParsedSource | null {
    const parser = this.#parser(language)
    let steps = 0
    let errorSteps = 0
    const tree = parser.parse(content, null, {
      progressCallback: ({ currentOffset, hasError }) => {
        steps++
        budget.steps--
        if (hasError) errorSteps++
        // The offset is in bytes of UTF-16.
        const isSlow = currentOffset < (steps - HEAD_START_STEPS) * MIN_BYTES_PER_STEP
        return isSlow || steps > MAX_PARSE_STEPS || errorSteps > MAX_ERROR_STEPS || budget.steps < 0
      },
    })
    if (tree === null) {
      parser.reset()
      return null
    }
    if (isAffordable(tree, budget)) return new Parsed(tree, () => this.#reset())
    tree.delete()
    return null
  }

  query(language: Language, text: string): Query {
    const key = `${language} ${text}`
    const known = this.#queries.get(key)
    if (known !== undefined) return known
    const query = new Query(this.#parser(language).language!, text)
    this.#queries.set(key, query)
    return query
  }

  /** What was made before is gone from the runtime; it must not be freed there later. */
  #reset(): void {
    for (const made of [...this.#parsers.values(), ...this.#queries.values()]) {
      try {
        made.delete()
      } catch {
        // It is only taken off the list of what the garbage collector frees.
      }
    }
    this.#parsers.clear()
    this.#queries.clear()
    this.#runtime.reset()
  }

  #parser(language: Language): Parser {
    const known = this.#parsers.get(language)
    if (known !== undefined) return known
    const parser = new Parser()
    parser.setLanguage(Grammar.loadSync(this.#modules.grammars[language]))
    this.#parsers.set(language, parser)
    return parser
  }
}

class Parsed implements ParsedSource {
  readonly #tree: Tree
  readonly #onAbort: () => void
  #isLost = false

  constructor(tree: Tree, onAbort: () => void) {
    this.#tree = tree
    this.#onAbort = onAbort
  }

  get root(): Node {
    return this.#tree.rootNode
  }

  matches(query: Query, budget: SyntaxBudget, lines?: { first: number; last: number }): QueryMatch[] | null {
    const matches = query.matches(this.root, {
      matchLimit: MAX_OPEN_MATCHES,
      ...(lines === undefined
        ? {}
        : {
            startPosition: { row: lines.first - 1, column: 0 },
            endPosition: { row: lines.last, column: 0 },
          }),
      progressCallback: () => --budget.steps < 0,
    })
    return budget.steps < 0 || query.didExceedMatchLimit() ? null : matches
  }

  abandon(): void {
    this.#isLost = true
    this.#onAbort()
  }

  free(): void {
    if (!this.#isLost) this.#tree.delete()
  }
}

/** Goes through the tree once: how many nodes, how deep, and how wide its errors are. */
function isAffordable(tree: Tree, budget: SyntaxBudget): boolean {
  budget.nodes -= tree.rootNode.descendantCount
  if (budget.nodes < 0) return false
  const cursor = tree.walk()
  try {
    let squares = 0
    /** How many children have been seen at each depth, and whether their parent is an error. */
    const seen: number[] = []
    const inError: boolean[] = []
    for (let depth = 0; ; ) {
      if (cursor.gotoFirstChild()) {
        if (++depth > MAX_DEPTH) return false
        seen[depth] = 1
        inError[depth] = false
        continue
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return true
        const children = seen[depth--]!
        if (children > 1_000 && cursor.nodeType === 'ERROR') squares += children * children
        if (squares > MAX_SQUARED_ERROR_CHILDREN) return false
      }
      seen[depth] = (seen[depth] ?? 0) + 1
    }
  } finally {
    cursor.delete()
  }
}
