import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../source-view.ts'
import { argumentsOf, calledName } from './go-java-nodes.ts'
import { isFunction, visibleValues } from './go-java-scope.ts'

/** Blocks and branches around a place that are looked at. */
const MAX_ANCESTORS = 60
/** Statements before a place, in one block, that are looked at. */
const MAX_STATEMENTS = 200
/** Longer conditions are not read. */
const MAX_CONDITION_CHARACTERS = 600

/** What is looked for: a check of one of these expressions, by the way that they are written. */
export interface GuardQuestion {
  readonly texts: readonly string[]
  readonly source: SourceView
  /** Names of functions that are no check for the purpose at hand: a suffix says nothing of a directory. */
  readonly ignore?: RegExp
}

/**
 * Whether a place is only reached after a check of a value: within `if (ALLOWED.contains(host))`, after
 * `if !strings.HasPrefix(path, root) { return }` or after `validate(url)`. That the check is a good one is not seen
 * from here; that there is one sets the place apart from those where nobody thought of it.
 */
export function isGuarded(place: Node, question: GuardQuestion): boolean {
  let child = place
  for (let i = 0; i < MAX_ANCESTORS; i++) {
    const parent = child.parent
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
      return (
        isBranch(parent, child) &&
        (checksIn(parent, 'condition', question) || checksIn(parent, 'initializer', question))
      )
    case 'binary_expression':
      return (
        parent.childForFieldName('left')?.id !== child.id &&
        /^(?:&&|\|\|)$/.test(parent.childForFieldName('operator')?.text ?? '') &&
        checksIn(parent, 'left', question)
      )
    case 'expression_case':
    case 'switch_rule':
    case 'switch_block_statement_group': {
      const label = parent.firstNamedChild
      if (
        label === null ||
        label.id === child.id ||
        parent.children[0]?.text === 'default' ||
        label.text === 'default'
      ) {
        return false
      }
      return isSwitchedOn(parent, question) || checks(label, question)
    }
    case 'statement_list':
    case 'block':
    case 'constructor_body':
      return isCheckedBefore(child, question)
    default:
      return false
  }
}

function isBranch(statement: Node, child: Node): boolean {
  return ['consequence', 'alternative'].some((field) => statement.childForFieldName(field)?.id === child.id)
}

function checksIn(node: Node, field: string, question: GuardQuestion): boolean {
  const part = node.childForFieldName(field)
  return part !== null && checks(part, question)
}

function isSwitchedOn(branch: Node, question: GuardQuestion): boolean {
  let statement = branch.parent
  if (statement?.type === 'switch_block') statement = statement.parent
  const subject = statement?.childForFieldName('value') ?? statement?.childForFieldName('condition') ?? null
  return subject !== null && mentions(subject, question)
}

function isCheckedBefore(statement: Node, question: GuardQuestion): boolean {
  let before = statement.previousNamedSibling
  for (let i = 0; before !== null && i < MAX_STATEMENTS; i++) {
    if (!question.source.spend(1)) return false
    if (isCheck(before, question)) return true
    before = before.previousNamedSibling
  }
  return false
}

function isCheck(statement: Node, question: GuardQuestion): boolean {
  if (statement.type === 'if_statement') {
    const branch = statement.childForFieldName('consequence')?.text.slice(0, 2_000) ?? ''
    if (!/\b(?:return|throw|continue|break|panic|Exit|Fatal|Fatalf|abort)\b/.test(branch)) {
      if (!question.texts.some((text) => branch.includes(`${text} = `))) return false
    }
    return checksIn(statement, 'condition', question) || checksIn(statement, 'initializer', question)
  }
  if (!/^(?:expression_statement|short_var_declaration|assignment_statement)$/.test(statement.type))
    return false
  const call =
    statement.type === 'expression_statement' ? statement.firstNamedChild : lastOf(statement, 'right')
  if (call === null || !/^(?:call_expression|method_invocation)$/.test(call.type)) return false
  const name = calledName(call)
  return ASSERTING.test(name) && !TRIVIAL.test(name) && mentions(call, question)
}

function lastOf(statement: Node, field: string): Node | null {
  return statement.childForFieldName(field)?.lastNamedChild ?? null
}

const ASSERTING = /^(?:assert|ensure|require|check|validate|verify|guard|reject|must)|allowed$/i
/** What says only that there is something. */
const TRIVIAL =
  /^(?:requireNonNull|assertNotNull|notNull|hasText|notEmpty|notBlank|hasLength|is(?:Not)?(?:Empty|Blank|Null)|isPresent|len|length|isTrue)$/
const CHECKING =
  /^(?:contains|containsKey|containsValue|equals|equalsIgnoreCase|startsWith|endsWith|matches|find|HasPrefix|HasSuffix|Contains|ContainsAny|ContainsRune|ContainsFunc|Index|IndexAny|EqualFold|Match|MatchString|IsLocal|IsAbs|ValidPath|anyMatch|noneMatch|indexOf|isSameDomain)$|allow|valid|safe|permit|trust|white|known|check|ensure|verif|forbid|block|deny|inside|within|filter|private|loopback|internal|^is[A-Z]|^Is[A-Z]/i
const CALLS = ['call_expression', 'method_invocation']

/** Whether an expression compares a value with something that is not nothing, or has it judged by a function. */
function checks(condition: Node, question: GuardQuestion): boolean {
  const { source, ignore } = question
  if (condition.endIndex - condition.startIndex > MAX_CONDITION_CHARACTERS) return false
  if (!source.spend(condition.descendantCount)) return false
  const judged = [
    ...condition
      .descendantsOfType(CALLS)
      .filter((call) => isChecking(call) && ignore?.test(calledName(call)) !== true),
    ...condition.descendantsOfType('binary_expression').filter(isComparison),
    ...condition.descendantsOfType('index_expression'),
  ]
  return judged.some((part) => mentions(part, question)) || isJudgedBefore(condition, question)
}

function isChecking(call: Node): boolean {
  const name = calledName(call)
  if (!CHECKING.test(name) || TRIVIAL.test(name)) return false
  // Whether something begins with a scheme, or is a nothing, says little.
  return !argumentsOf(call).some(({ text }) => /^"(?:https?:?\/*|\/|)"$/.test(text))
}

function isComparison(comparison: Node): boolean {
  if (!/^[!=]=$/.test(comparison.childForFieldName('operator')?.text ?? '')) return false
  return ['left', 'right'].every((field) => {
    const side = comparison.childForFieldName(field)
    return (
      side !== null && !/^(?:nil|null|null_literal|true|false|""|``|-?\d+|err)$/.test(side.text.slice(0, 20))
    )
  })
}

/** `ok := allowed[name]` and then `if !ok`: the name in the condition stands for a check. */
function isJudgedBefore(condition: Node, question: GuardQuestion): boolean {
  return identifiersIn(condition).some((name) =>
    visibleValues(name, question.source).some(
      (value) =>
        (value.type === 'index_expression' || (CALLS.includes(value.type) && isChecking(value))) &&
        !question.texts.includes(name.text) &&
        mentions(value, question),
    ),
  )
}

/** Whether an expression has the value in it: as it is written, or by a name that is bound to what has. */
function mentions(part: Node, question: GuardQuestion): boolean {
  const has = (node: Node) => {
    const text = node.text.slice(0, MAX_CONDITION_CHARACTERS)
    return question.texts.some((word) => containsWord(text, word))
  }
  if (has(part)) return true
  return identifiersIn(part).some((name) => visibleValues(name, question.source).some(has))
}

function identifiersIn(node: Node): Node[] {
  return node.type === 'identifier' ? [node] : node.descendantsOfType('identifier').slice(0, 12)
}

/** Members that say what something is called or how long it is: a check of these is none of what is in it. */
const ABOUT =
  /^\.(?:getName|getKey|length|size|isEmpty|getMethod|getSize|getContentType|Method|Name|Key|Size|Header)\b/

function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length
    if (isWordCharacter(text[at - 1]) || isWordCharacter(text[end])) continue
    if (!ABOUT.test(text.slice(end, end + 20))) return true
  }
  return false
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character)
}
