import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { argumentsOf, calledName } from './nodes.ts'
import { visibleValues } from './scope.ts'

/** Longer conditions are not read. */
const MAX_CHARACTERS = 600
/** Texts that are kept of one condition. */
const MAX_TEXTS = 40
/** Names of one condition that are followed. */
const MAX_NAMES = 12
const CALLS = ['call_expression', 'method_invocation']

/** What only says that there is something. */
const TRIVIAL =
  /^(?:requireNonNull|assertNotNull|notNull|hasText|notEmpty|notBlank|hasLength|is(?:Not)?(?:Empty|Blank|Null)|isPresent|len|length|isTrue)$/
const CHECKING =
  /^(?:contains|containsKey|containsValue|equals|equalsIgnoreCase|startsWith|endsWith|matches|find|HasPrefix|HasSuffix|Contains|ContainsAny|ContainsRune|ContainsFunc|Index|IndexAny|EqualFold|Match|MatchString|IsLocal|IsAbs|ValidPath|anyMatch|noneMatch|indexOf|isSameDomain)$|allow|valid|safe|permit|trust|white|known|check|ensure|verif|forbid|block|deny|inside|within|filter|private|loopback|internal|^is[A-Z]|^Is[A-Z]/i
const ASSERTING = /^(?:assert|ensure|require|check|validate|verify|guard|reject|must)|allowed$/i

/** A part of a condition that judges something: a call, a comparison, the look-up in a table. */
interface Part {
  /** The function that is called; empty for what is no call. */
  readonly called: string
  /** How it is written, and how the values of the names in it are. */
  readonly texts: readonly string[]
  /** The name under which the condition has it: `ok` of `ok := allowed[name]`. */
  readonly under: string
}

const known = new WeakMap<SourceView, Map<number, readonly Part[]>>()

/**
 * Whether a condition compares a value with something that is not nothing, or has it judged by a function.
 *
 * @param texts how the value is written, in one way or another
 * @param ignore names of functions that are no check for the purpose
 */
export function checks(
  condition: Node,
  source: SourceView,
  texts: readonly string[],
  ignore: RegExp | undefined,
): boolean {
  const parts = partsOf(condition, source)
  if (!source.spend(4 * parts.length + 1)) return false
  return parts.some(
    ({ called, texts: written, under }) =>
      (called === '' || ignore?.test(called) !== true) &&
      !texts.includes(under) &&
      written.some((text) => texts.some((word) => containsWord(text, word))),
  )
}

/** Whether a statement is a call that does not return when it finds something wrong: `validate(path)`. */
export function isAssertion(call: Node): boolean {
  const name = calledName(call)
  return CALLS.includes(call.type) && ASSERTING.test(name) && !TRIVIAL.test(name)
}

/** The parts of a condition; each condition is taken apart once. */
function partsOf(condition: Node, source: SourceView): readonly Part[] {
  let conditions = known.get(source)
  if (conditions === undefined) {
    conditions = new Map()
    known.set(source, conditions)
  }
  let parts = conditions.get(condition.id)
  if (parts === undefined) {
    parts = takeApart(condition, source)
    conditions.set(condition.id, parts)
  }
  return parts
}

function takeApart(condition: Node, source: SourceView): Part[] {
  if (condition.endIndex - condition.startIndex > MAX_CHARACTERS) return []
  if (!source.spend(6 * condition.descendantCount)) return []
  const judging = [
    ...condition.descendantsOfType(CALLS).filter((call) => isChecking(call) || isAssertion(call)),
    ...condition.descendantsOfType('binary_expression').filter(isComparison),
    ...condition.descendantsOfType('index_expression'),
  ]
  const parts = judging.map((part) => describe(part, '', source))
  for (const name of identifiersIn(condition)) {
    for (const value of visibleValues(name, source)) {
      const isCheck = value.type === 'index_expression' || (CALLS.includes(value.type) && isChecking(value))
      if (isCheck && parts.length < MAX_TEXTS) parts.push(describe(value, name.text, source))
    }
  }
  return parts
}

function describe(part: Node, under: string, source: SourceView): Part {
  const values = identifiersIn(part).flatMap((name) => visibleValues(name, source))
  const texts = [part, ...values].slice(0, MAX_TEXTS).map(({ text }) => text.slice(0, MAX_CHARACTERS))
  source.spend(8 * texts.length)
  return { called: CALLS.includes(part.type) ? calledName(part) : '', texts, under }
}

function isChecking(call: Node): boolean {
  const name = calledName(call)
  if (!CHECKING.test(name) || TRIVIAL.test(name)) return false
  // Whether something begins with a scheme, or is a nothing, says little.
  return !argumentsOf(call).some(({ text }) => /^"(?:https?:?\/*|\/|)"$/.test(text.slice(0, 20)))
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

function identifiersIn(node: Node): Node[] {
  if (node.endIndex - node.startIndex > MAX_CHARACTERS) return []
  return node.type === 'identifier' ? [node] : node.descendantsOfType('identifier').slice(0, MAX_NAMES)
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
