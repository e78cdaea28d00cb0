import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { checks, isAssertion } from './conditions.ts'
import { isFunction, parentOf } from './scope.ts'

/** Blocks and branches around a place that are looked at. */
const MAX_ANCESTORS = 60
/** Checks before a place, in one block, that are looked at. */
const MAX_CHECKS = 60
/** Characters of a branch that are searched for what leaves it. */
const MAX_BRANCH = 2_000

/** What is looked for: a check of one of these expressions, by the way that they are written. */
export interface GuardQuestion {
  readonly texts: readonly string[]
  readonly source: SourceView
  /** Names of functions that are no check for the purpose at hand: a suffix says nothing of a directory. */
  readonly ignore?: RegExp | undefined
}

/**
 * Whether a place is only reached after a check of a value: within `if (ALLOWED.contains(host))`, after
 * `if !strings.HasPrefix(path, root) { return }` or after `validate(url)`. That the check is a good one is not seen
 * from here; that there is one sets the place apart from those where nobody thought of it.
 */
export function isGuarded(place: Node, question: GuardQuestion): boolean {
  let child = place
  for (let i = 0; i < MAX_ANCESTORS; i++) {
    const parent = parentOf(child, question.source)
    if (parent === null || !question.source.spend(1)) return false
    if (isFunction(parent) && parent.type !== 'lambda_expression' && parent.type !== 'func_literal')
      return false
    if (isGuardedBy(parent, child, question)) return true
    child = parent
  }
  return false
}

function isGuardedBy(parent: Node, child: Node, question: GuardQuestion): boolean {
  switch (parent.type) {
    case 'if_statement':
    case 'ternary_expression':
      return isBranch(parent, child) && conditionsOf(parent).some((part) => isChecked(part, question))
    case 'binary_expression': {
      const left = parent.childForFieldName('left')
      if (left === null || left.id === child.id) return false
      return (
        /^(?:&&|\|\|)$/.test(parent.childForFieldName('operator')?.text ?? '') && isChecked(left, question)
      )
    }
    case 'expression_case':
    case 'switch_rule':
    case 'switch_block_statement_group': {
      const label = parent.firstNamedChild
      if (label === null || label.id === child.id || label.text.slice(0, 8) === 'default') return false
      return isSwitchedOn(parent, question) || isChecked(label, question)
    }
    case 'statement_list':
    case 'block':
    case 'constructor_body':
      return isCheckedBefore(child, parent, question)
    default:
      return false
  }
}

function isChecked(condition: Node, { source, texts, ignore }: GuardQuestion): boolean {
  return checks(condition, source, texts, ignore)
}

function isBranch(statement: Node, child: Node): boolean {
  return ['consequence', 'alternative'].some((field) => statement.childForFieldName(field)?.id === child.id)
}

function conditionsOf(statement: Node): Node[] {
  return ['condition', 'initializer']
    .map((field) => statement.childForFieldName(field))
    .filter((part) => part !== null)
}

/** `switch host { case "a", "b": … }` */
function isSwitchedOn(branch: Node, { texts }: GuardQuestion): boolean {
  let statement = branch.parent
  if (statement?.type === 'switch_block') statement = statement.parent
  return statement !== null && isAbout(subjectOf(statement), texts)
}

/** What a switch decides by, as it is written. */
function subjectOf(statement: Node): string {
  const subject = statement.childForFieldName('value') ?? statement.childForFieldName('condition')
  return subject?.text.slice(0, 200).replace(/^\(|\)$/g, '') ?? ''
}

function isAbout(subject: string, texts: readonly string[]): boolean {
  return texts.some(
    (word) => subject === word || subject.startsWith(`${word}.`) || subject.endsWith(`(${word})`),
  )
}

/** A statement that may keep what comes after it from being reached. */
interface Check {
  readonly end: number
  readonly conditions: readonly Node[]
  /** What a switch decides by; empty for another statement. */
  readonly subject: string
  /** What the branch is that is taken; null when it leaves the block in any case. */
  readonly branch: string | null
}

function isCheckedBefore(statement: Node, block: Node, question: GuardQuestion): boolean {
  const all = checksIn(block, question.source)
  const count = countBefore(all, statement.startIndex)
  if (count === 0 || !question.source.spend(Math.min(count, MAX_CHECKS))) return false
  return all
    .slice(Math.max(0, count - MAX_CHECKS), count)
    .some(
      ({ conditions, branch, subject }) =>
        isAbout(subject, question.texts) ||
        ((branch === null || question.texts.some((text) => branch.includes(`${text} = `))) &&
          conditions.some((condition) => isChecked(condition, question))),
    )
}

/** How many checks end before an offset; they are in the order of the source. */
function countBefore(checks: readonly Check[], offset: number): number {
  let low = 0
  let high = checks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (checks[middle]!.end <= offset) low = middle + 1
    else high = middle
  }
  return low
}

const known = new WeakMap<SourceView, Map<number, readonly Check[]>>()

/** The checks of a block; each block is gone through once. */
function checksIn(block: Node, source: SourceView): readonly Check[] {
  let blocks = known.get(source)
  if (blocks === undefined) {
    blocks = new Map()
    known.set(source, blocks)
  }
  let found = blocks.get(block.id)
  if (found === undefined) {
    found = source.spend(4 * block.namedChildCount) ? block.namedChildren.flatMap(describe) : []
    blocks.set(block.id, found)
  }
  return found
}

function describe(statement: Node): Check[] {
  const end = statement.endIndex
  switch (statement.type) {
    case 'if_statement': {
      const branch = statement.childForFieldName('consequence')?.text.slice(0, MAX_BRANCH) ?? ''
      const leaves = /\b(?:return|throw|continue|break|panic|Exit|Fatal|Fatalf|abort)\b/.test(branch)
      return [{ end, conditions: conditionsOf(statement), branch: leaves ? null : branch, subject: '' }]
    }
    case 'expression_switch_statement':
    case 'switch_statement':
    case 'switch_expression': {
      // What is none of the cases does not get past it.
      const leaves = /\bdefault\b[\s\S]{0,300}\b(?:return|throw|continue|panic|Exit|Fatal)\b/.test(
        statement.text.slice(0, MAX_BRANCH),
      )
      return leaves ? [{ end, conditions: [], branch: null, subject: subjectOf(statement) }] : []
    }
    case 'expression_statement':
    case 'short_var_declaration':
    case 'assignment_statement': {
      const call =
        statement.type === 'expression_statement'
          ? statement.firstNamedChild
          : (statement.childForFieldName('right')?.lastNamedChild ?? null)
      return call !== null && isAssertion(call)
        ? [{ end, conditions: [call], branch: null, subject: '' }]
        : []
    }
    default:
      return []
  }
}
