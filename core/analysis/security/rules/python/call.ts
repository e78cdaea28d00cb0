import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { lastName, qualifiedName } from './names.ts'

/**
 * The patterns that the rules share. They name nothing but the type: the parts of a pattern take milliseconds to compile
 * and its predicates are tried on every match, while a name is looked up in a set in no time.
 */
export const CALL = '(call) @finding'
const ASSIGNMENT = '(assignment) @finding'
export const COMPARISON = '(comparison_operator) @finding'

/** A call as rules ask about it. */
export interface Call {
  readonly node: Node
  /** Dotted, by what was imported: `subprocess.run`. */
  readonly name: string
  /** Behind the last dot: `run`. */
  readonly method: string
  /** What the method is called on; null for a plain function. */
  readonly receiver: Node | null
  readonly positional: readonly Node[]
  readonly keywords: ReadonlyMap<string, Node>
  /** Whether there are `*args` or `**options`: what is missing may be among them. */
  readonly hasMore: boolean
  readonly source: SourceView
}

interface CallRule extends Omit<Rule, 'query' | 'accept' | 'names'> {
  /** The names of the functions and methods that the rule is about, without what stands before the dot: one is needed. */
  readonly names: string
  readonly accept: (call: Call) => boolean
}

/** A rule about calls of functions and methods of certain names. */
export function callRule({ names, accept, ...rule }: CallRule): Rule {
  const wanted = new Set(names.split(' '))
  return {
    ...rule,
    needs: [[...wanted], ...rule.needs],
    names: [{ as: 'called', names: [...wanted] }],
    query: CALL,
    accept: ({ node, source }) => {
      const found = node('finding')
      return wanted.has(calledName(found, source)) && source.spend(1) && accept(callOf(found, source))
    },
  }
}

interface AssignmentRule extends Omit<Rule, 'query' | 'accept'> {
  readonly accept: (target: Node, value: Node, source: SourceView) => boolean
}

/** A rule about `target = value`. */
export function assignmentRule({ accept, ...rule }: AssignmentRule): Rule {
  return {
    ...rule,
    query: ASSIGNMENT,
    accept: ({ node, source }) => {
      const target = node('finding').childForFieldName('left')
      const value = node('finding').childForFieldName('right')
      return target !== null && value !== null && accept(target, value, source)
    },
  }
}

/** Argument by place or by name, whichever is given. */
export function argument(call: Call, index: number, keyword?: string): Node | null {
  return (keyword === undefined ? undefined : call.keywords.get(keyword)) ?? call.positional[index] ?? null
}

/** A call that a match is not about: one that an argument is, or that a name stands for. */
export function readCall(node: Node, source: SourceView): Call | null {
  const called = node.type === 'call' ? node.childForFieldName('function') : null
  const given = node.type === 'call' ? node.childForFieldName('arguments') : null
  if (called === null || given === null) return null
  return describe(node, called, given, source)
}

/** By the id of their nodes: many rules ask about the same call. */
interface Known {
  readonly names: Map<number, string>
  readonly calls: Map<number, Call>
}

const knownOf = new WeakMap<SourceView, Known>()

function known(source: SourceView): Known {
  const found = knownOf.get(source)
  if (found !== undefined) return found
  const made = { names: new Map<number, string>(), calls: new Map<number, Call>() }
  knownOf.set(source, made)
  return made
}

function calledName(node: Node, source: SourceView): string {
  const { names } = known(source)
  let name = names.get(node.id)
  if (name === undefined) {
    name = lastName(node.childForFieldName('function'))
    names.set(node.id, name)
  }
  return name
}

function callOf(node: Node, source: SourceView): Call {
  const { calls } = known(source)
  let call = calls.get(node.id)
  if (call === undefined) {
    call = describe(node, node.childForFieldName('function')!, node.childForFieldName('arguments')!, source)
    calls.set(node.id, call)
  }
  return call
}

function describe(node: Node, called: Node, given: Node, source: SourceView): Call {
  const positional: Node[] = []
  const keywords = new Map<string, Node>()
  let hasMore = false
  const parts = given.type === 'argument_list' ? given.namedChildren : [given]
  source.spend(parts.length)
  for (const part of parts) {
    if (part.type === 'keyword_argument') {
      const value = part.childForFieldName('value')
      if (value !== null) keywords.set(part.childForFieldName('name')!.text, value)
    } else if (part.type === 'list_splat' || part.type === 'dictionary_splat') hasMore = true
    else if (part.type !== 'comment') positional.push(part)
  }
  const name = qualifiedName(called, source)
  return {
    node,
    name,
    method: name.slice(name.lastIndexOf('.') + 1),
    receiver: called.type === 'attribute' ? called.childForFieldName('object') : null,
    positional,
    keywords,
    hasMore,
    source,
  }
}
