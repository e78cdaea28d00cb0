import type { Node } from 'web-tree-sitter'
import type { NameCondition } from '../../names.ts'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { nameOf } from './nodes.ts'

/** A kind of node that rules look at. */
export interface Subject {
  /**
   * The pattern. It names nothing but the type: a pattern with parts takes some 3 ms to compile, and its predicates are
   * tried on each match whether or not the rule can find anything in the file.
   */
  readonly shape: string
  readonly holds: (subject: Named) => boolean
  /** The names that it has one of; absent where names do not tell. */
  readonly names?: NameCondition
}

/** A node and what it is known by: the function that is called, the key of a member, the name that is assigned to. */
export interface Named {
  readonly type: string
  readonly name: string
  /** Whether a call is one of a member: `cp.exec()`. */
  readonly isOfMember: boolean
}

export interface Found {
  readonly source: SourceView
  readonly finding: Node
  readonly name: string
}

type Names = readonly string[] | RegExp

export interface JavaScriptRule extends Omit<Rule, 'query' | 'accept'> {
  readonly on: readonly Subject[]
  readonly accept?: (found: Found) => boolean
}

/** A rule that looks at nodes by their names. */
export function rule({ on, accept, ...description }: JavaScriptRule): Rule {
  return {
    ...description,
    query: [...new Set(on.map(({ shape }) => shape))].join('\n'),
    ...conditionsOf(on),
    accept: ({ source, node }) => {
      const finding = node('finding')
      const subject = describe(source, finding)
      if (!on.some(({ holds }) => holds(subject))) return false
      return accept === undefined || accept({ source, finding, name: subject.name })
    },
  }
}

/** Calls of `name(…)` and of `anything.name(…)`. */
export function calls(names: Names): Subject {
  return subject('call_expression', { as: 'called', names }, ({ name }) => isAmong(names, name))
}

/** Calls of `anything.name(…)`. */
export function methods(names: Names): Subject {
  return subject(
    'call_expression',
    { as: 'called', names },
    ({ name, isOfMember }) => isOfMember && isAmong(names, name),
  )
}

/** Calls of `name(…)`. */
export function functions(names: Names): Subject {
  return subject(
    'call_expression',
    { as: 'called', names },
    ({ name, isOfMember }) => !isOfMember && isAmong(names, name),
  )
}

/** `new Name(…)` */
export function constructions(names: Names): Subject {
  return subject('new_expression', { as: 'named', names }, ({ name }) => isAmong(names, name))
}

/** Members of object literals: `key: value`. */
export function members(keys: Names): Subject {
  return subject('pair', { as: 'named', names: keys }, ({ name }) => isAmong(keys, name))
}

/** `name = value`, `anything.name = value` */
export function assignments(names: Names): Subject {
  return subject('assignment_expression', { as: 'named', names }, ({ name }) => isAmong(names, name))
}

/** `name += value` */
export function additions(names: Names): Subject {
  return subject('augmented_assignment_expression', { as: 'named', names }, ({ name }) =>
    isAmong(names, name),
  )
}

/** `const name = value` */
export function declarations(names: Names): Subject {
  return subject('variable_declarator', { as: 'named', names }, ({ name }) => isAmong(names, name))
}

/** Comparisons of equality, which have no name. */
export const COMPARISONS: Subject = nodes(
  'binary_expression',
  '(binary_expression operator: ["===" "!==" "==" "!="]) @finding',
)

/** Nodes of other types, which have no name. */
export function nodes(type: string | RegExp, shape = `(${type}) @finding`): Subject {
  return { shape, holds: (named) => (typeof type === 'string' ? named.type === type : type.test(named.type)) }
}

function subject(type: string, names: NameCondition, holds: (named: Named) => boolean): Subject {
  return { shape: `(${type}) @finding`, names, holds: (named) => named.type === type && holds(named) }
}

/** Only where each of the subjects has a name does a source without any of them have nothing to find. */
function conditionsOf(on: readonly Subject[]): { names?: readonly NameCondition[] } {
  const names = on.flatMap((one) => one.names ?? [])
  return names.length === on.length ? { names } : {}
}

function isAmong(names: Names, name: string): boolean {
  return names instanceof RegExp ? names.test(name) : names.includes(name)
}

/** Names are asked for by many rules. */
const described = new WeakMap<SourceView, Map<number, Named>>()

function describe(source: SourceView, node: Node): Named {
  let known = described.get(source)
  if (known === undefined) {
    known = new Map()
    described.set(source, known)
  }
  let named = known.get(node.id)
  if (named === undefined) {
    named = nameNode(node)
    known.set(node.id, named)
  }
  return named
}

function nameNode(node: Node): Named {
  const { type } = node
  const namer = node.childForFieldName(NAMED_BY[type] ?? 'name')
  const name = namer?.type === 'import' ? 'import' : nameOf(namer)
  return { type, name, isOfMember: namer?.type === 'member_expression' }
}

/** The field by which a node is known. */
const NAMED_BY: Readonly<Record<string, string>> = {
  call_expression: 'function',
  new_expression: 'constructor',
  pair: 'key',
  assignment_expression: 'left',
  augmented_assignment_expression: 'left',
}
