import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { suggestsVerifier, wordsOf } from '../go-java/names.ts'
import {
  argumentAt,
  argumentsOf,
  calledName,
  calledOn,
  isString,
  lastName,
  receiverText,
  tailOf,
} from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { involves } from '../go-java/scope.ts'
import { isInput } from './flow.ts'
import { endOfChain, methodsNamed, methodText } from './nodes.ts'

/** Tokens and signatures that are trusted too lightly (CWE-347, CWE-208). */
export const TOKEN_RULES: readonly Rule[] = [
  rule({
    id: 'java-jwt-not-verified',
    title:
      'A token is read without its signature being verified: verify it with the key before its claims are used',
    cwe: ['CWE-347'],
    severity: 'high',
    needs: [['JWT', 'Jwt', 'jwt', 'getUrlDecoder']],
    on: [
      methodsNamed(
        'decode',
        'parse',
        'parseClaimsJwt',
        'parsePlaintextJwt',
        'parseUnsecuredClaims',
        'parseUnsecuredContent',
        'unsecured',
        'none',
        'setSkipSignatureVerification',
        'builder',
      ),
      nodes('field_access', 'NONE', 'none'),
    ],
    accept: ({ finding, source }) => {
      if (finding.type === 'method_invocation') return isUnverified(finding, source)
      if (!/^(?:\w+\.)*(?:SignatureAlgorithm|Algorithm|AlgorithmIdentifiers)\.none$/i.test(finding.text))
        return false
      // Comparing with it is how it is refused.
      const around = finding.parent
      if (around?.type === 'argument_list') return !/^equals/.test(calledName(around.parent!))
      return !/^(?:binary_expression|switch_label)$/.test(around?.type ?? '')
    },
  }),
  rule({
    id: 'java-secret-compared-in-steps',
    title: 'How long a comparison takes tells how much of a secret was right: use MessageDigest.isEqual',
    cwe: ['CWE-208'],
    severity: 'medium',
    needs: [
      ['equals(', 'compareTo('],
      [
        'mac',
        'Mac',
        'MAC',
        'ignature',
        'sig',
        'Sig',
        'oken',
        'ecret',
        'piKey',
        'api_key',
        'assword',
        'asswd',
        'pwd',
        'Pwd',
        'otp',
        'Otp',
        'csrf',
        'Csrf',
      ],
    ],
    on: [methodsNamed('equals', 'equalsIgnoreCase', 'compareTo', 'contentEquals')],
    accept: ({ finding: call, source }) => {
      const given = argumentsOf(call)
      const on = calledOn(call)
      if (on === null) return false
      const sides = /^(?:Arrays|Objects|StringUtils)$/.test(tailOf(on))
        ? given.slice(0, 2)
        : [on, ...given.slice(0, 1)]
      return sides.length === 2 && isSecretCompared(sides, source)
    },
  }),
]

const VERIFYING =
  /\.verify\(|verifyWith|setSigningKey|require\(|Signature\.getInstance|Mac\.getInstance|doFinal\(|JWTVerifier|DefaultJWTProcessor|processor\.process/

function isUnverified(call: Node, source: SourceView): boolean {
  const name = calledName(call)
  const on = receiverText(call)
  const within = methodText(call, source)
  switch (name) {
    case 'none':
      return on === 'Algorithm'
    case 'unsecured':
      return /Jwts/.test(on)
    case 'setSkipSignatureVerification':
      return true
    case 'parseClaimsJwt':
    case 'parsePlaintextJwt':
    case 'parseUnsecuredClaims':
    case 'parseUnsecuredContent':
      return true
    case 'builder':
      return on === 'Jwts' && isUnsigned(call, within)
    case 'parse':
      return /^(?:SignedJWT|JWTParser|PlainJWT|JWSObject)$/.test(on) && !VERIFYING.test(within)
    default:
      if (on === 'JWT' || on === 'JWTDecoder') return !VERIFYING.test(within)
      return isPayload(argumentAt(call, 0), on, within) && !VERIFYING.test(within)
  }
}

/** The second of the three parts of a token, decoded by hand. */
function isPayload(decoded: Node | null, on: string, within: string): boolean {
  return (
    /Decoder\(\)$|^Base64$/.test(on) &&
    /\[1\](?:\.getBytes\(.*\))?$/.test(decoded?.text.slice(0, 200) ?? '') &&
    /\.split\("\\\\\."/.test(within) &&
    /token|jwt/i.test(within)
  )
}

function isUnsigned(builder: Node, within: string): boolean {
  const chain = endOfChain(builder)
  return (
    calledName(chain) === 'compact' && !/signWith|encryptWith/.test(chain.text) && !/signWith/.test(within)
  )
}

const REPEATED =
  /\b(?:confirm|confirmation|repeat|repeated|again|retype|retyped|type|kind|length|old|previous|last|id|name|class|alg|algorithm|url|uri|path|header name|method|version|size)\b/
const ON_ONE_SIDE =
  /\b(?:expected|expect|computed|calculated|provided|received|given|actual|supplied|valid|stored|header|presented|client|server|generated)\b/

function isSecretCompared(sides: readonly Node[], source: SourceView): boolean {
  if (
    sides.some(
      (side) =>
        isString(side) ||
        side.type === 'null_literal' ||
        /^[A-Z][A-Z\d_]*$|\.[A-Z][A-Z\d_]+$/.test(side.text.slice(-200)),
    )
  )
    return false
  const words = sides.map((side) => wordsOf(comparedName(side).slice(0, 100)).join(' '))
  if (words.some((text) => REPEATED.test(text))) return false
  if (hasMac(source) && sides.some((side) => isComputedMac(side, source))) return true
  if (!words.some(suggestsVerifier)) return false
  if (sides.some((side) => isInput(side, source))) return true
  return words.every(suggestsVerifier) && words.some((text) => ON_ONE_SIDE.test(text))
}

/** The name, or that of the header or parameter that is asked for. */
function comparedName(side: Node): string {
  if (side.type !== 'method_invocation') return lastName(side)
  const [first] = argumentsOf(side)
  return first !== undefined && isString(first) ? `${calledName(side)} ${first.text}` : calledName(side)
}

/** Whether any text authentication code is computed in this source. */
function hasMac(source: SourceView): boolean {
  let known = macs.get(source)
  if (known === undefined) {
    known = source.root.text.includes('doFinal')
    macs.set(source, known)
  }
  return known
}

const macs = new WeakMap<SourceView, boolean>()

/** What `Mac.doFinal` made, in hexadecimal or not. */
function isComputedMac(side: Node, source: SourceView): boolean {
  return involves(
    side,
    source,
    (part) =>
      part.type === 'method_invocation' && calledName(part) === 'doFinal' && /mac/i.test(receiverText(part)),
  )
}
