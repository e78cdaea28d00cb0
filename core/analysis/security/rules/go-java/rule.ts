import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { nameOf } from './nodes.ts'

/** A kind of node that a rule looks at: by its type, and by what `nameOf` calls it. */
export interface Subject {
  readonly type: string
  /** Of these names, or any. */
  readonly names: ReadonlySet<string> | null
}

export interface Found {
  readonly finding: Node
  readonly name: string
  readonly source: SourceView
}

export interface NamedRule extends Omit<Rule, 'query' | 'accept'> {
  readonly on: readonly Subject[]
  readonly accept?: (found: Found) => boolean
}

export function nodes(type: string, ...names: readonly string[]): Subject {
  return { type, names: names.length === 0 ? null : new Set(names) }
}

/**
 * A rule that looks at nodes by their names. Its query has nothing but types, so that the tree is gone through once for
 * all rules; a pattern with parts and words would cost each of them its own time to be compiled and matched.
 */
export function rule({ on, accept, ...description }: NamedRule): Rule {
  const byType = new Map(on.map(({ type, names }) => [type, names]))
  return {
    ...description,
    query: [...byType.keys()].map((type) => `(${type}) @finding`).join('\n'),
    accept: ({ node, source }) => {
      const finding = node('finding')
      const names = byType.get(finding.type)
      if (names === undefined) return false
      const name = nameIn(source, finding)
      if (names !== null && !names.has(name)) return false
      return accept === undefined || accept({ finding, name, source })
    },
  }
}

/** Names are asked for by many rules. */
const known = new WeakMap<SourceView, Map<number, string>>()

function nameIn(source: SourceView, node: Node): string {
  let names = known.get(source)
  if (names === undefined) {
    names = new Map()
    known.set(source, names)
  }
  let name = names.get(node.id)
  if (name === undefined) {
    name = nameOf(node)
    names.set(node.id, name)
  }
  return name
}
