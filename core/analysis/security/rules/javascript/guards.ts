import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { resolve, type Trace } from './flow.ts'
import { calleeOf, childrenOf, parentOf, stringOf } from './nodes.ts'

/** Blocks and branches around a place that are looked at. */
const MAX_ANCESTORS = 40
/** Statements before a place, of each block, that are looked at: the nearest ones that check something. */
const MAX_CHECKS = 48
/** Longer conditions are not read. */
const MAX_CONDITION_CHARACTERS = 600
/** Values of the names of a condition are read up to here. */
const MAX_VALUE_CHARACTERS = 400

/**
 * Whether a place is only reached after a check of the value: within `if (ALLOWED.has(host))`, after
 * `if (!path.startsWith(root)) return` or after `assertAllowed(url)`. That the check is a good one is not seen from
 * here; that there is one sets the place apart from those where nobody thought of it.
 *
 * @param byType whether `typeof` is a check as well
 */
export function isGuarded(source: SourceView, traced: Trace, place: Node, byType = false): boolean {
  const isCheck = (condition: Node | null) => condition !== null && checks(source, condition, traced, byType)
  return [place, ...traced.places].some((from) => isReachedAfter(source, from, isCheck))
}

function isReachedAfter(
  source: SourceView,
  place: Node,
  isCheck: (condition: Node | null) => boolean,
): boolean {
  let child = place
  for (let i = 0; i < MAX_ANCESTORS; i++) {
    const parent = parentOf(source, child)
    if (parent === null) return false
    if (conditionsFor(source, child, parent).some(isCheck)) return true
    child = parent
  }
  return false
}

/** What has been decided when `child` of `parent` is reached. */
function conditionsFor(source: SourceView, child: Node, parent: Node): readonly (Node | null)[] {
  switch (parent.type) {
    case 'if_statement':
    case 'ternary_expression': {
      const condition = parent.childForFieldName('condition')
      return condition?.id === child.id ? [] : [condition]
    }
    case 'binary_expression': {
      const left = parent.childForFieldName('left')
      return left?.id === child.id ? [] : [left]
    }
    case 'switch_statement':
      return [parent]
    case 'statement_block':
    case 'program':
    case 'switch_case':
      return checksIn(source, parent)
        .filter(({ end }) => end <= child.startIndex)
        .slice(-MAX_CHECKS)
        .map(({ condition }) => condition)
    default:
      return []
  }
}

/** A condition, and where the statement ends that it is of. */
interface Check {
  readonly condition: Node
  readonly end: number
}

interface Known {
  /** By block: the conditions of its statements. */
  readonly blocks: Map<number, readonly Check[]>
  /** By condition: the texts of what it checks, and of what the names in it stand for. */
  readonly texts: Map<string, readonly string[]>
}

/** Places in the same block ask for the same conditions. */
const known = new WeakMap<SourceView, Known>()

function knownOf(source: SourceView): Known {
  const found = known.get(source)
  if (found !== undefined) return found
  const made: Known = { blocks: new Map(), texts: new Map() }
  known.set(source, made)
  return made
}

function checksIn(source: SourceView, block: Node): readonly Check[] {
  const { blocks } = knownOf(source)
  const found = blocks.get(block.id)
  if (found !== undefined) return found
  const made = childrenOf(source, block).flatMap((statement) => {
    const condition = conditionOf(statement)
    return condition === null ? [] : [{ condition, end: statement.endIndex }]
  })
  blocks.set(block.id, made)
  return made
}

/** What a statement checks before those after it are reached. */
function conditionOf(statement: Node): Node | null {
  if (statement.type === 'if_statement') {
    const { text } = statement.childForFieldName('consequence') ?? statement
    return /\b(?:return|throw|continue|break|exit|next|redirect|abort)\b|=/.test(text.slice(0, 2_000))
      ? statement.childForFieldName('condition')
      : null
  }
  if (statement.type !== 'expression_statement') return null
  const expression = statement.firstNamedChild
  const call = expression?.type === 'await_expression' ? expression.firstNamedChild : expression
  return call?.type === 'call_expression' && CHECKING.test(calleeOf(call).name) ? call : null
}

const CHECKING =
  /^(?:includes|has|startsWith|endsWith|test|match|some|every|indexOf|hasOwn|hasOwnProperty)$|allow|valid|safe|permit|trust|white|known|check|assert|ensure|verif|forbid|block|deny|inside|within|^is[A-Z]/i

/** Whether an expression compares the value with something that is not nothing, or has it judged by a function. */
function checks(source: SourceView, condition: Node, { names }: Trace, byType: boolean): boolean {
  const texts = textsOf(source, condition, byType)
  return source.spend(1) && texts.some((text) => [...names].some((name) => containsWord(text, name)))
}

function textsOf(source: SourceView, condition: Node, byType: boolean): readonly string[] {
  const { texts } = knownOf(source)
  const key = `${condition.id} ${byType}`
  const found = texts.get(key)
  if (found !== undefined) return found
  const made = judgedIn(source, condition, byType).flatMap((part) => {
    const identifiers = part.type === 'identifier' ? [part] : part.descendantsOfType('identifier')
    const values = identifiers.flatMap((name) => resolve(source, name))
    return [part, ...values].map(({ text }) => text.slice(0, MAX_VALUE_CHARACTERS))
  })
  texts.set(key, made)
  return made
}

/** The parts of a condition that judge something. */
function judgedIn(source: SourceView, condition: Node, byType: boolean): Node[] {
  if (condition.type === 'switch_statement') {
    const value = condition.childForFieldName('value')
    return value === null ? [] : [value]
  }
  if (condition.endIndex - condition.startIndex > MAX_CONDITION_CHARACTERS) return []
  if (!source.spend(condition.descendantCount)) return []
  return [
    ...condition.descendantsOfType('call_expression').filter((call) => CHECKING.test(calleeOf(call).name)),
    ...condition.descendantsOfType('binary_expression').filter((part) => isComparison(part, byType)),
    ...condition.descendantsOfType('subscript_expression'),
  ]
}

const NOTHING = /^(?:null|undefined|true|false)$/
const NOTHING_OR_TYPE = /^(?:null|undefined|true|false|unary_expression)$/

function isComparison(comparison: Node, byType: boolean): boolean {
  if (!/^(?:[!=]==?|in)$/.test(comparison.childForFieldName('operator')?.text ?? '')) return false
  return ['left', 'right'].every((side) => {
    const node = comparison.childForFieldName(side)
    return node !== null && !(byType ? NOTHING : NOTHING_OR_TYPE).test(node.type) && stringOf(node) !== ''
  })
}

function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + word.length])) return true
  }
  return false
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w$]/.test(character)
}
