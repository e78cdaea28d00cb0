import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { lastName, literalText, namesIn } from './names.ts'
import { blockOf, contains, NODES_PER_STEP, scopesOf } from './scope.ts'

/** A check, the names whose values it vouches for, and where it does. */
interface Guard {
  readonly names: ReadonlySet<string>
  readonly holds: (use: Node) => boolean
}

/** Checks of one function; in functions with more, the rest are not looked at. */
const MAX_GUARDS = 200
/** Nodes of one condition. */
const MAX_CONDITION_NODES = 60
/** From a name that is checked back to the names that its value was made of. */
const MAX_DERIVATIONS = 3

const CHECKING_METHODS = new Set(
  (
    'startswith is_relative_to relative_to commonpath isalnum isdigit isdecimal isnumeric isidentifier isalpha fullmatch match ' +
    'url_has_allowed_host_and_scheme compare_digest ip_address is_private is_global issubset'
  ).split(' '),
)
const CHECKING_NAME =
  /(?:^|_)(?:is_?safe|safe|valid|validate|validated|validates|is_?valid|allowed|is_?allowed|allow|permitted|trusted|whitelisted|verify|verified|check|ensure|assert)(?:_|$)/i
/** Says nothing of the host or the folder. */
const EMPTY_PREFIX = /^(?:https?:?\/{0,2}|\.*)$/

/** Whether a check that comes before a place vouches for the value that a name, or an expression, has there. */
export function isGuarded(name: string, use: Node, source: SourceView): boolean {
  const scopes = scopesOf(source)
  const guards = guardsOf(scopes.at(use.startIndex), source)
  if (!source.spend(guards.length)) return false
  return guards.some((guard) => guard.names.has(name) && guard.holds(use))
}

const guardsOfSource = new WeakMap<SourceView, Map<number, Guard[]>>()

function guardsOf(scope: number, source: SourceView): readonly Guard[] {
  const known = guardsOfSource.get(source) ?? new Map<number, Guard[]>()
  guardsOfSource.set(source, known)
  const found = known.get(scope)
  if (found !== undefined) return found
  const guards: Guard[] = []
  known.set(scope, guards)
  for (const statement of statementsOf(scope, source)) {
    if (guards.length === MAX_GUARDS) break
    const guard = guardOf(statement, source)
    if (guard !== null) guards.push(guard)
  }
  return guards
}

const STATEMENTS = [
  'if_statement',
  'elif_clause',
  'while_statement',
  'assert_statement',
  'expression_statement',
]

function statementsOf(scope: number, source: SourceView): Node[] {
  const scopes = scopesOf(source)
  const node = scopes.node(scope)
  if (!source.spend(node.descendantCount / NODES_PER_STEP)) return []
  const statements = node.descendantsOfType(STATEMENTS)
  if (!source.spend(statements.length)) return []
  return statements.filter(({ startIndex }) => scopes.at(startIndex) === scope)
}

function guardOf(statement: Node, source: SourceView): Guard | null {
  const condition = statement.childForFieldName('condition') ?? statement.namedChildren[0] ?? null
  if (condition === null) return null
  const isStatement = statement.type === 'expression_statement'
  if (isStatement && condition.type !== 'call') return null
  const checked = checkedNames(condition, source)
  if (checked.size === 0) return null
  const names = derivations(checked, condition, source)
  const { endIndex: end } = statement
  if (isStatement || statement.type === 'assert_statement') {
    return { names, holds: (use) => use.startIndex >= end }
  }
  const body = statement.childForFieldName('consequence') ?? statement.childForFieldName('body')
  const leaves = body !== null && endsOrReplaces(body, checked)
  return {
    names,
    holds: (use) =>
      use.startIndex >= condition.endIndex && (contains(statement, use) || (leaves && use.startIndex >= end)),
  }
}

/** The names that a condition vouches for: on the left of `in`, arguments of `is_safe(…)`, prefixes compared. */
export function checkedNames(condition: Node, source: SourceView): Set<string> {
  const names = new Set<string>()
  const queue = [condition]
  let left = MAX_CONDITION_NODES
  for (let part = queue.shift(); part !== undefined && left-- > 0; part = queue.shift()) {
    if (part.type === 'comparison_operator') addCompared(part, names)
    else if (part.type === 'call' && isChecking(part)) addAll(names, namesIn(part))
    queue.push(...part.namedChildren)
  }
  source.spend(MAX_CONDITION_NODES - left)
  return names
}

function addCompared(comparison: Node, names: Set<string>): void {
  const operators = comparison.children.filter(({ isNamed }) => !isNamed).map(({ type }) => type)
  const [left, right] = comparison.namedChildren
  if (left === undefined || right === undefined) return
  if (operators.some((operator) => operator === 'in' || operator === 'not in')) {
    if (literalText(left) === null) addAll(names, [...namesIn(left), left.text.slice(0, 100)])
    if (lastName(right) === 'parents') addAll(names, namesIn(right))
  } else if (operators.some((operator) => operator === '==' || operator === '!=')) {
    for (const side of [left, right]) {
      if (/\.(?:hostname|netloc|parent)$/.test(side.text.slice(-20))) addAll(names, namesIn(side))
    }
  }
}

function isChecking(call: Node): boolean {
  const name = lastName(call.childForFieldName('function'))
  if (name !== 'startswith') return CHECKING_METHODS.has(name) || CHECKING_NAME.test(name)
  const prefix = call.childForFieldName('arguments')?.namedChildren[0]
  if (prefix === undefined) return false
  const prefixes = prefix.type === 'tuple' ? prefix.namedChildren : [prefix]
  return !prefixes.some((one) => EMPTY_PREFIX.test(literalText(one) ?? '?'))
}

/** The names with those that their values were made of: who checks the host checks the URL. */
function derivations(names: ReadonlySet<string>, place: Node, source: SourceView): Set<string> {
  const all = new Set(names)
  const scopes = scopesOf(source)
  let latest: string[] = [...names]
  for (let step = 0; step < MAX_DERIVATIONS && latest.length > 0; step++) {
    const next: string[] = []
    for (const name of latest) {
      const { values } = scopes.bindings(name, scopes.at(place.startIndex), place)
      for (const made of values.flatMap((value) => namesIn(value))) {
        if (!all.has(made) && source.spend(1)) next.push(made)
        all.add(made)
      }
    }
    latest = next
  }
  return all
}

const ENDING = new Set(['return_statement', 'raise_statement', 'continue_statement', 'break_statement'])
const ENDING_CALL = /^(?:flask\.)?(?:abort|sys\.exit|exit|quit|os\._exit|self\.(?:send_error|fail|abort))\(/

/** Whether what comes after a body is only reached when its condition did not hold, or with another value. */
function endsOrReplaces(body: Node, names: ReadonlySet<string>): boolean {
  const last = body.namedChildren.findLast(({ type }) => type !== 'comment')
  if (last === undefined) return false
  if (ENDING.has(last.type)) return true
  if (last.type !== 'expression_statement') return false
  const expression = last.namedChildren[0]
  if (expression?.type === 'assignment') {
    return names.has(expression.childForFieldName('left')?.text ?? '') && blockOf(expression)?.id === body.id
  }
  return ENDING_CALL.test(expression?.text.slice(0, 40) ?? '')
}

function addAll(names: Set<string>, more: readonly string[]): void {
  for (const name of more) names.add(name)
}
