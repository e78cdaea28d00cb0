import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { suggestsVerifier, wordsOf } from '../go-java/names.ts'
import { argumentAt, argumentsOf, calledName, isString, lastName, stringOf } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { functionText, involves } from '../go-java/scope.ts'
import { isInput } from './flow.ts'
import { callsNamed, importsPackage, isCallOf } from './nodes.ts'

/** Tokens and signatures that are trusted too lightly (CWE-347, CWE-208). */
export const TOKEN_RULES: readonly Rule[] = [
  rule({
    id: 'go-jwt-not-verified',
    title:
      'A token is read without its signature being verified: use Parse with the key, and name the algorithms',
    cwe: ['CWE-347'],
    severity: 'high',
    needs: [
      [
        'ParseUnverified',
        'UnsafeAllowNoneSignatureType',
        'SigningMethodNone',
        'ParseInsecure',
        'WithVerify(',
        'UnsafeClaimsWithoutVerification',
        'UnsafePayloadWithoutVerification',
        'Encoding.DecodeString(',
      ],
    ],
    on: [
      callsNamed(
        'ParseUnverified',
        'ParseInsecure',
        'WithVerify',
        'UnsafeClaimsWithoutVerification',
        'UnsafePayloadWithoutVerification',
        'DecodeString',
      ),
      nodes('selector_expression', 'UnsafeAllowNoneSignatureType', 'SigningMethodNone'),
    ],
    accept: ({ finding: call, source }) => {
      if (call.type === 'selector_expression') return true
      if (calledName(call) === 'WithVerify') return argumentAt(call, 0)?.text === 'false'
      // The key's name is read first, and the token verified with the key then.
      const within = functionText(call, source)
      if (calledName(call) === 'DecodeString' && !isPayload(argumentAt(call, 0), within)) return false
      return !/\.(?:Parse|ParseWithClaims|Verify\w*|Claims|Equal)\(|hmac\.|hs256|rs256/i.test(within)
    },
  }),
  rule({
    id: 'go-secret-compared-in-steps',
    title:
      'How long a comparison takes tells how much of a secret was right: use hmac.Equal or subtle.ConstantTimeCompare',
    cwe: ['CWE-208'],
    severity: 'medium',
    needs: [
      [
        'mac',
        'MAC',
        'Mac',
        'ignature',
        'sig',
        'Sig',
        'oken',
        'ecret',
        'piKey',
        'PIKey',
        'pi_key',
        'assword',
        'asswd',
        'pwd',
        'otp',
        'csrf',
        'CSRF',
      ],
      ['net/http', 'crypto/', 'gin', 'echo', 'fiber'],
    ],
    on: [nodes('binary_expression'), callsNamed('Equal', 'Compare', 'DeepEqual')],
    accept: ({ finding, source }) => {
      const [left, right] = sidesOf(finding, source)
      return left !== undefined && right !== undefined && isSecretCompared(left, right, source)
    },
  }),
]

/** The second of the three parts of a token. */
function isPayload(decoded: Node | null, within: string): boolean {
  return (
    /^\w+\[1\]$/.test(decoded?.text ?? '') && /Split(?:N)?\(\w*(?:[tT]oken|jwt|JWT)\w*, "\."/.test(within)
  )
}

/** What is compared with what. */
function sidesOf(comparison: Node, source: SourceView): Node[] {
  if (comparison.type === 'binary_expression') {
    return /^[!=]=$/.test(comparison.childForFieldName('operator')?.text ?? '')
      ? comparison.namedChildren
      : []
  }
  return isCallOf(comparison, source, 'bytes', 'reflect', 'strings') ? argumentsOf(comparison) : []
}

const REPEATED =
  /\b(?:confirm|confirmation|repeat|repeated|again|retype|retyped|type|kind|len|count|old|previous|prev|last|id|name|alg|algorithm|url|uri|path|method|version|size|index|pos)\b/
const ON_ONE_SIDE =
  /\b(?:expected|expect|computed|calculated|provided|received|given|actual|supplied|valid|stored|want|got|header|our|their|presented|client|server)\b/

function isSecretCompared(left: Node, right: Node, source: SourceView): boolean {
  const sides = [left, right]
  if (!sides.every(isComparable)) return false
  const names = sides.map((side) => comparedName(side).slice(0, 100))
  const words = names.map((name) => wordsOf(name).join(' '))
  const isMac = importsPackage(source, /^crypto\/hmac$/) && sides.some((side) => isComputedMac(side, source))
  if (!isMac && (!names.some(suggestsVerifier) || words.some((text) => REPEATED.test(text)))) return false
  if (isMac || sides.some((side) => isInput(side, source))) return true
  if (!importsPackage(source, /^net\/http$|^crypto\/|gin$|echo|fiber/)) return false
  if (importsPackage(source, /^(?:go\/\w+|text\/scanner|encoding\/\w*ml)$/)) return false
  return names.every(suggestsVerifier) && words.some((text) => ON_ONE_SIDE.test(text))
}

/** Neither a constant, nor a number, nor what a comparison in constant time returns. */
function isComparable(side: Node): boolean {
  if (
    /^(?:identifier|selector_expression|type_conversion_expression|index_expression|slice_expression)$/.test(
      side.type,
    )
  )
    return true
  return (
    side.type === 'call_expression' && !/^(?:len|cap|ConstantTime\w*|Equal|Compare)$/.test(calledName(side))
  )
}

function comparedName(side: Node): string {
  if (side.type === 'call_expression' || side.type === 'type_conversion_expression') {
    const inner = side.type === 'call_expression' ? argumentAt(side, 0) : side.childForFieldName('operand')
    return inner === null || isString(inner)
      ? `${calledName(side)} ${stringOf(inner) ?? ''}`
      : comparedName(inner)
  }
  return lastName(side)
}

/** `mac.Sum(nil)`, in hexadecimal or not, of an HMAC of this function. */
function isComputedMac(side: Node, source: SourceView): boolean {
  return involves(
    side,
    source,
    (part) =>
      part.type === 'call_expression' && calledName(part) === 'New' && isCallOf(part, source, 'crypto/hmac'),
  )
}
