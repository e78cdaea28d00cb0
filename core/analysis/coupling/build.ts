import type { Language } from '../source/language.ts'
import { type Tokens, tokenise } from '../source/tokens.ts'
import { ImportGraph } from './graph.ts'
import { importsOf } from './imports.ts'
import { resolveImports, type Source } from './resolve.ts'

/** Names that the submitted files import, all together and with each as often as it is there. */
export const MAX_IMPORTS = 20_000
/** Characters that are split into tokens here, of files that come without. */
export const MAX_TOKENISED_CHARACTERS = 2 * 1024 * 1024
/** Imports that the caller tells of, all together. */
export const MAX_HINTED_IMPORTS = 100_000

export interface SubmittedFile {
  readonly path: string
  readonly content: string
  /** Null when it is none that is understood. */
  readonly language: Language | null
  readonly tokens?: Tokens
}

/** A file of the repository, and the files that it imports. */
export interface ImportHint {
  readonly path: string
  readonly imports: readonly string[]
}

/** Reads what the submitted files import; null when that is more than is looked at. */
export function readSources(files: readonly SubmittedFile[]): Source[] | null {
  const sources: Source[] = []
  let characters = MAX_TOKENISED_CHARACTERS
  const budget = { imports: MAX_IMPORTS }
  for (const { path, content, language, tokens } of files) {
    if (language === null) continue
    if (tokens === undefined) characters -= content.length
    if (characters < 0) return null
    const imports = importsOf(content, language, tokens ?? tokenise(content, language), budget)
    if (imports === null) return null
    sources.push({ path, language, imports })
  }
  return sources
}

/** The graph of the submitted files, from their contents alone; null when it is more than is looked at. */
export function buildOwnGraph(sources: readonly Source[]): ImportGraph | null {
  return draw(sources, new Set(sources.map(({ path }) => path)))
}

/**
 * The graph of the submitted files and those that the caller tells of; null when that is more than is looked at, or
 * tells nothing of the change: of what one of its files imports, or what imports one.
 */
export function buildHintedGraph(
  sources: readonly Source[],
  hints: readonly ImportHint[],
  changed: ReadonlySet<string>,
): ImportGraph | 'budget' | null {
  if (hints.reduce((sum, { imports }) => sum + imports.length, 0) > MAX_HINTED_IMPORTS) return 'budget'
  const tells = hints.some(
    ({ path, imports }) => changed.has(path) || imports.some((name) => changed.has(name)),
  )
  if (!tells) return null
  const known = new Set(sources.map(({ path }) => path))
  for (const { path, imports } of hints) {
    known.add(path)
    for (const imported of imports) known.add(imported)
  }
  const graph = draw(sources, known)
  if (graph === null) return 'budget'
  for (const { path, imports } of hints) {
    const from = graph.node(path)
    for (const imported of imports) {
      const to = graph.node(imported)
      // What was read in a submitted file is known better.
      if (!graph.typeTargets(from).has(to)) graph.addEdge(from, to)
    }
  }
  return graph
}

function draw(sources: readonly Source[], known: ReadonlySet<string>): ImportGraph | null {
  const resolved = resolveImports(sources, known)
  if (resolved === null) return null
  const graph = new ImportGraph()
  sources.forEach(({ path }, index) => {
    const { files, modules } = resolved[index]!
    const from = graph.node(path)
    for (const [file, typeOnly] of files) {
      if (typeOnly) graph.addTypeEdge(from, graph.node(file))
      else graph.addEdge(from, graph.node(file))
    }
    graph.setModules(from, modules)
  })
  return graph
}
