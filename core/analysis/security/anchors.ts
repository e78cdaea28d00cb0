import type { Query } from 'web-tree-sitter'

/** More places than these are looked at together with all that lies between them. */
const MAX_RANGES = 48

/** Lines of a piece of source, counted from 1; both included. */
export interface LineRange {
  readonly first: number
  readonly last: number
}

/**
 * Words of which at least one stands in whatever the query matches: those that its predicates compare a node with.
 * Null when one of its patterns compares nothing, so that it may match anywhere.
 *
 * @param text of the query
 */
export function anchorsOf(query: Query, text: string): readonly string[] | null {
  const words = new Set<string>()
  for (let pattern = 0; pattern < query.patternCount(); pattern++) {
    const part = text.slice(query.startIndexForPattern(pattern), query.endIndexForPattern(pattern))
    const predicate = /\(#(?:eq|any-of)\?\s+@[\w.-]+((?:\s+"(?:[^"\\]|\\.)*")+)\s*\)/.exec(part)
    if (predicate === null) return null
    for (const [literal] of predicate[1]!.matchAll(/"(?:[^"\\]|\\.)*"/g)) words.add(JSON.parse(literal))
  }
  return [...words]
}

/**
 * Where the words stand, as ranges of lines, so that a query need not go through the rest of the tree: a match
 * intersects the line of the word that it compares with.
 *
 * @returns the one range of all lines when the words are everywhere
 */
export function rangesOf(text: string, words: readonly string[]): LineRange[] {
  const offsets = new Set<number>()
  for (const word of words) {
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) offsets.add(at)
  }
  const ranges: { first: number; last: number }[] = []
  let line = 1
  let seen = 0
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    for (let at = text.indexOf('\n', seen); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
      line++
      seen = at + 1
    }
    const last = ranges.at(-1)
    if (last !== undefined && line <= last.last + 1) last.last = line
    else ranges.push({ first: line, last: line })
  }
  return ranges.length <= MAX_RANGES ? ranges : [{ first: ranges[0]!.first, last: ranges.at(-1)!.last }]
}
