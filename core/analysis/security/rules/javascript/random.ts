import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { nameSuggestsSecret } from './input.ts'
import { calleeOf, isFunction, moduleOf, nameOf, parentOf } from './nodes.ts'
import { calls, methods, rule } from './rule.ts'

/** Parts of an expression between a random number and the name of what is made of it. */
const MAX_ANCESTORS = 24
const MAKING =
  /(?:generate|create|make|new|gen|random|build|issue|get|next)_?(?:\w*_)?\w*(?:password|passwd|secret|token|otp|pin|nonce|salt|api_?key|session(?:_?id)?|invite(?:_?code)?|coupon|verification(?:_?code)?|reset(?:_?code)?|csrf|credential|voucher|key|\biv\b|one_?time\w*|recovery\w*|auth_?code|passcode)s?$/i
const NAMED =
  /(?:^|_|[a-z])(?:[Pp]assword|[Pp]asswd|[Ss]ecret|[Tt]oken|[Oo]tp|OTP|[Pp]in|PIN|[Nn]once|[Ss]alt|[Ii]nvite_?[Cc]ode|[Rr]ecovery_?[Cc]ode|[Vv]erification_?[Cc]ode|[Rr]eset_?[Cc]ode|[Aa]uth_?[Cc]ode|[Vv]oucher|[Pp]asscode|[Ss]id|[Cc]srf)s?$/
const HARMLESS =
  /jitter|sample|shuffle|delay|color|mock|fake|seed|test|placeholder|request_?id|trace|backoff|pinned|react|element|cache|dedup/i

/** Numbers that can be guessed (CWE-338). */
export const RANDOM_RULES: readonly Rule[] = [
  rule({
    id: 'js-weak-random',
    title:
      'A secret is made of Math.random, whose next numbers can be computed: use crypto.randomBytes or randomUUID',
    cwe: ['CWE-338', 'CWE-330'],
    severity: 'high',
    needs: ['Math.random'],
    on: [methods(['random'])],
    accept: ({ source, finding }) =>
      nameOf(calleeOf(finding).object) === 'Math' && makesSecret(source, finding),
  }),
  rule({
    id: 'js-guessable-secret',
    title:
      'A secret is made of the time or of a counter, which can be guessed: use crypto.randomBytes or randomUUID',
    cwe: ['CWE-340', 'CWE-330'],
    severity: 'medium',
    needs: [['Date.now', 'getTime', 'uuid', 'pseudoRandomBytes', 'process.hrtime']],
    on: [calls(['now', 'getTime', 'v1', 'uuidv1', 'pseudoRandomBytes', 'hrtime'])],
    accept: ({ source, finding: call, name }) => {
      if (name === 'pseudoRandomBytes') return true
      if (/v1$/.test(name) && moduleOf(source, call) !== 'uuid') return false
      if (/^(?:now|getTime|hrtime)$/.test(name) && !isText(source, call)) return false
      if (
        !/v1$/.test(name) &&
        /random|uuid|nanoid|hmac|sign/i.test(statementOf(source, call).text.slice(0, 400))
      )
        return false
      return makesSecret(source, call)
    },
  }),
]

/** Whether a number is made into something whose name says that it must not be guessed. */
function makesSecret(source: SourceView, number: Node): boolean {
  let node = number
  for (let i = 0; i < MAX_ANCESTORS; i++) {
    const parent = parentOf(source, node)
    if (parent === null) return false
    const name = nameGivenBy(parent, node)
    if (name !== null) {
      if (HARMLESS.test(name)) return false
      if (isSecretName(name)) return true
      if (isFunction(parent)) {
        if (MAKING.test(name)) return true
        // A callback without a name is part of what goes on around it.
        if (name !== '') return false
      }
    }
    node = parent
  }
  return false
}

/** The name that a parent gives to a value: of a variable, a member, a function; null when it gives none. */
function nameGivenBy(parent: Node, child: Node): string | null {
  switch (parent.type) {
    case 'variable_declarator':
      return nameOf(parent.childForFieldName('name'))
    case 'assignment_expression':
    case 'augmented_assignment_expression':
      return nameOf(parent.childForFieldName('left'))
    case 'pair':
      return nameOf(parent.childForFieldName('key'))
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'function_expression':
    case 'method_definition':
      return nameOf(parent.childForFieldName('name'))
    case 'arrow_function':
      return ''
    case 'call_expression':
      return parent.childForFieldName('function')?.id === child.id ? null : ''
    default:
      return null
  }
}

function isSecretName(name: string): boolean {
  return NAMED.test(name) || (nameSuggestsSecret(name) && !/^(?:key|keys)$/i.test(name))
}

/** The statement that an expression is in. */
function statementOf(source: SourceView, expression: Node): Node {
  let node = expression
  for (let i = 0; i < MAX_ANCESTORS && !/statement|declaration/.test(node.type); i++) {
    node = parentOf(source, node) ?? node
  }
  return node
}

/** Whether the time is written out, or hashed, rather than counted with: `Date.now().toString(36)`. */
function isText(source: SourceView, call: Node): boolean {
  let node = call
  for (let i = 0; i < 8; i++) {
    const parent = parentOf(source, node)
    if (parent === null) return false
    if (parent.type === 'template_substitution') return true
    if (
      parent.type === 'call_expression' &&
      /^(?:toString|String|update|md5|sha1|sha256)$/.test(calleeOf(parent).name)
    ) {
      return true
    }
    if (/statement|declarator|^pair$/.test(parent.type)) return false
    node = parent
  }
  return false
}
