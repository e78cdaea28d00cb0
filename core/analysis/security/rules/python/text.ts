import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import { type Call, callRule } from './call.ts'
import { formatsNumbers, isInput } from './flow.ts'
import { lastName, literalText, namesIn, wordsOf } from './names.ts'
import { resolve } from './values.ts'

const LOG_CALLS = 'debug info warning warn error critical exception log'
const LOGGER = /(?:^|[._])(?:log|logger|logging)$/i
const LOG_SAFE = {
  safe: new Set(['replace', 'translate', 'splitlines', 'repr', 'dumps', 'ascii']),
  isReprSafe: true,
}
const MATCHING = 'compile match search fullmatch findall finditer sub subn split'

/** Text that is interpreted or kept: logs, regular expressions, formats (CWE-117, CWE-532, CWE-1333, CWE-134). */
export const TEXT_RULES: readonly Rule[] = [
  callRule({
    id: 'py-log-injection',
    title:
      'A request writes into the log: line breaks in it make entries of their own, log it with %r or remove them',
    cwe: ['CWE-117'],
    severity: 'low',
    names: LOG_CALLS,
    needs: ['log'],
    accept: ({ receiver, positional, source }) => {
      if (receiver === null || !LOGGER.test(receiver.text.slice(-60))) return false
      const [format, ...values] = positional
      if (format === undefined || (values.length > 0 && formatsNumbers(format))) return false
      if (isInput(format, source, LOG_SAFE)) return true
      return !/%r/.test(literalText(format) ?? '') && values.some((value) => isInput(value, source, LOG_SAFE))
    },
  }),
  callRule({
    id: 'py-secret-logged',
    title: 'A password, key or token is written to the log: leave it out',
    cwe: ['CWE-532'],
    severity: 'medium',
    names: LOG_CALLS,
    needs: ['log', ['pass', 'pwd', 'secret', 'token', 'key', 'credential', 'PASS', 'SECRET', 'TOKEN', 'KEY']],
    accept: ({ receiver, positional }) =>
      receiver !== null && LOGGER.test(receiver.text.slice(-60)) && positional.some(showsSecret),
  }),
  callRule({
    id: 'py-regex-from-request',
    title: 'A request writes a regular expression: one can be written that never ends, use re.escape',
    cwe: ['CWE-1333', 'CWE-730'],
    severity: 'medium',
    names: MATCHING,
    needs: ['re'],
    accept: ({ name, positional: [pattern], source }) =>
      pattern !== undefined && /^(?:re|regex)\.\w+$/.test(name) && isInput(pattern, source),
  }),
  callRule({
    id: 'py-regex-exponential',
    title:
      'The regular expression repeats a repetition: some texts take it forever, leave one of the two out',
    cwe: ['CWE-1333'],
    severity: 'medium',
    names: MATCHING,
    needs: ['re', [')+', ')*', '){']],
    accept: isExponential,
  }),
  callRule({
    id: 'py-format-from-request',
    title: 'A request writes a format: it can read attributes of what is formatted, use a fixed format',
    cwe: ['CWE-134'],
    severity: 'medium',
    names: 'format format_map',
    needs: [],
    accept: ({ receiver, source }) =>
      receiver !== null && literalText(receiver) === null && isInput(receiver, source),
  }),
]

const SECRET_VALUE =
  / (?:password|passwd|pwd|passphrase|passcode|secret|apikey|(?:api|secret|private|access|signing|encryption) key|(?:access|auth|refresh|api|bearer|reset|session|jwt|id) token|client secret) $|^ (?:token|jwt) $/

/** The value itself, not its length, its beginning or a hash of it. */
function showsSecret(argument: Node): boolean {
  if (argument.type === 'identifier' || argument.type === 'attribute')
    return SECRET_VALUE.test(wordsOf(lastName(argument)))
  if (argument.type === 'subscript') {
    return SECRET_VALUE.test(wordsOf(literalText(argument.childForFieldName('subscript')) ?? ''))
  }
  if (argument.type === 'string') {
    return argument.namedChildren.some(
      (part) =>
        part.type === 'interpolation' &&
        part.namedChildren[0] !== undefined &&
        showsSecret(part.namedChildren[0]),
    )
  }
  if (argument.type === 'binary_operator') return argument.namedChildren.some(showsSecret)
  if (argument.type === 'tuple' || argument.type === 'parenthesized_expression')
    return argument.namedChildren.some(showsSecret)
  if (argument.type !== 'call' || lastName(argument.childForFieldName('function')) !== 'format') return false
  return argument.childForFieldName('arguments')?.namedChildren.some(showsSecret) ?? false
}

/** One repeated atom, and perhaps an optional one, in a group that is repeated: `(a+)+`, `(\w+\s?)*`. */
const NESTED_REPETITION =
  /\((?:\?:|\?P<\w{1,40}>)?(?:\\[wdsWDS]|\.|\[[^\]\n]{1,80}\]|\w)[+*](?:(?:\\[wdsWDS]|\.|\[[^\]\n]{1,80}\]|[\w ,-])[?*])?\)(?:[+*]|\{\d*,\d*\})/

function isExponential({ name, positional: [pattern], source }: Call): boolean {
  if (pattern === undefined || !/^(?:re|regex)\.\w+$/.test(name)) return false
  const text = literalText(resolve(pattern, source))
  return text !== null && NESTED_REPETITION.test(text.slice(0, 2_000)) && namesIn(pattern, 4).length < 4
}
