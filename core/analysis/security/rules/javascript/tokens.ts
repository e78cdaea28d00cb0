import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { resolve } from './flow.ts'
import { traceRequest } from './input.ts'
import {
  ancestorOf,
  argumentsOf,
  assignedTo,
  calleeOf,
  moduleOf,
  nameOf,
  parentOf,
  stringOf,
} from './nodes.ts'
import { COMPARISONS, calls, constructions, members, methods, rule } from './rule.ts'
import { textBuiltBy } from './text.ts'

/** Tokens that are believed (CWE-347), and secrets that are compared (CWE-208). */
export const TOKEN_RULES: readonly Rule[] = [
  rule({
    id: 'js-jwt-none',
    title:
      'Tokens without a signature are accepted or issued: name the algorithms that you use, without none',
    cwe: ['CWE-347', 'CWE-327'],
    severity: 'critical',
    needs: [
      ['none', 'None', 'NONE', 'verify', 'UnsecuredJWT'],
      ['lgorithm', 'alg', 'jwt', 'jsonwebtoken', 'UnsecuredJWT'],
    ],
    on: [members(['algorithms', 'algorithm']), methods(['verify']), constructions(['UnsecuredJWT'])],
    accept: ({ source, finding, name }) => {
      if (finding.type === 'new_expression') return true
      if (
        name === 'algorithm' &&
        !/^(?:sign|signAsync|verify|verifyAsync)$/.test(
          calleeOf(ancestorOf(source, finding, 3) ?? finding).name,
        )
      )
        return false
      if (finding.type === 'pair')
        return /^\[?\s*(?:['"][\w-]*['"],\s*)*['"]none['"]/i.test(
          assignedTo(finding)?.text.slice(0, 200) ?? '',
        )
      const key = argumentsOf(source, finding)[1]
      if (key === undefined || !isTokenModule(source, finding)) return false
      return /^(?:null|undefined|false)$/.test(key.type) || stringOf(key) === ''
    },
  }),
  rule({
    id: 'js-jwt-unverified',
    title: 'What a token says is read without verifying its signature: use verify instead of decode',
    cwe: ['CWE-347'],
    severity: 'high',
    needs: [
      ['jwt', 'Jwt', 'JWT', 'jsonwebtoken', 'jose'],
      ['decode', 'split'],
    ],
    on: [calls(['decode', 'jwtDecode', 'jwt_decode', 'decodeJwt'])],
    accept: ({ source, finding: call, name }) => {
      const module = moduleOf(source, call)
      const isServer =
        /^(?:jsonwebtoken|jose|jwt-simple|njwt|@nestjs\/jwt)$/.test(module ?? '') ||
        (module === null && /^(?:jwt|jsonwebtoken)$/.test(nameOf(calleeOf(call).object)))
      const isOfRequest = argumentsOf(source, call).some((part) => traceRequest(source, part) !== null)
      if (!isServer && !(isOfRequest && /^jwt(?:Decode|_decode)$/.test(name))) return false
      if (module === 'jwt-simple') return /,\s*true\b/.test(call.text.slice(-40))
      if (
        /\.header\b|\.kid\b/.test(parentOf(source, call)?.text.slice(-20) ?? '') ||
        /complete:\s*true/.test(call.text.slice(-60))
      )
        return false
      return !verifiesTokens(source)
    },
  }),
  rule({
    id: 'js-jwt-checks-off',
    title: 'Tokens are accepted after they have expired: leave the check on',
    cwe: ['CWE-613', 'CWE-347'],
    severity: 'medium',
    needs: [['ignoreExpiration', 'ignoreNotBefore']],
    on: [members(['ignoreExpiration', 'ignoreNotBefore'])],
    accept: ({ finding }) => assignedTo(finding)?.type === 'true',
  }),
  rule({
    id: 'js-timing-comparison',
    title:
      'A secret is compared byte by byte, and the time tells how much of it was right: use timingSafeEqual',
    cwe: ['CWE-208'],
    severity: 'medium',
    needs: [
      [
        ...[
          'ignature',
          'IGNATURE',
          'hmac',
          'Hmac',
          'HMAC',
          'piKey',
          'pi_key',
          'pi-key',
          '_KEY',
          'apikey',
          'ccessKey',
        ],
        ...[
          'uthKey',
          'ebhookKey',
          'igningKey',
          'ecret',
          'SECRET',
          'csrf',
          'Csrf',
          'CSRF',
          'assword',
          'PASSWORD',
        ],
        ...[
          'asswd',
          'PASSWD',
          'pwd',
          'Pwd',
          'PWD',
          '_token',
          '-token',
          '.token',
          '_TOKEN',
          '.TOKEN',
          'ccessToken',
        ],
        ...[
          'uthToken',
          'srfToken',
          'esetToken',
          'piToken',
          'earerToken',
          'essionToken',
          'dminToken',
          'xpectedToken',
        ],
        ...[
          'rovidedToken',
          'ivenToken',
          'ebhookToken',
          'erifyToken',
          'erificationToken',
          'toredToken',
          'alidToken',
        ],
        ...['serToken', 'efreshToken', 'otToken'],
      ],
    ],
    on: [COMPARISONS],
    accept: ({ source, finding }) => comparesSecrets(source, finding),
  }),
]

const verifying = new WeakMap<SourceView, boolean>()

/** Whether tokens are verified anywhere in the file. */
function verifiesTokens(source: SourceView): boolean {
  let found = verifying.get(source)
  if (found === undefined) {
    found = /\b(?:verify|verifyAsync|jwtVerify|compactVerify)\s*\(/.test(source.root.text)
    verifying.set(source, found)
  }
  return found
}

function isTokenModule(source: SourceView, call: Node): boolean {
  return /jwt|jsonwebtoken|jose|jws/i.test(moduleOf(source, call) ?? nameOf(calleeOf(call).object))
}

/** Words at the end of a name that stands for something to be proven. */
const PROOF =
  /(?:signature|hmac|(?:api|access|auth|webhook|signing)_?-?key|secret|csrf|password|passwd|pwd|(?:access|auth|csrf|reset|api|bearer|session|admin|expected|provided|given|webhook|verify|verification|stored|valid|user|refresh|bot|secret)_?-?token)$/i
const NOT_PROOF =
  /^(?:confirm|repeat|old|new|previous|prev|current|last|next|is|has|retype|again)|confirm|repeat|again|type$|kind$|length$|undefined/i

/**
 * Whether one side was computed with a key, or a secret of the server is held against what a client sent, or both sides
 * are called secrets.
 */
function comparesSecrets(source: SourceView, comparison: Node): boolean {
  const left = comparison.childForFieldName('left')!
  const right = comparison.childForFieldName('right')!
  const sides = [left, right]
  if (sides.some((side) => NOT_PROOF.test(nameOf(side)) || /^(?:undefined|null|NaN)$/.test(side.text)))
    return false
  if (sides.some((side) => isComputed(source, side))) return true
  const isProof = sides.map(
    (side) => namesIn(source, side).some((name) => PROOF.test(name)) || isProofHeader(side),
  )
  if (isProof[0] && isProof[1]) return !isBothSent(source, left, right)
  const sent = sides.map((side) => traceRequest(source, side) !== null)
  return [0, 1].some((index) => {
    const other = 1 - index
    if (!sent[index] || sent[other]) return false
    return (
      isProof[other] ||
      /(?:^|\.)(?:process\.env|env|\w*[cC]onfig)\.\w*(?:token|TOKEN|_KEY)!?$/.test(sides[other]!.text)
    )
  })
}

/** The names that a side is made of: two for `'Bearer ' + config.token`, of which the text says nothing. */
function namesIn(source: SourceView, side: Node): string[] {
  if (!/^(?:binary_expression|template_string)$/.test(side.type)) return [nameOf(side)]
  return textBuiltBy(source, side).holes.map(({ value }) => nameOf(value))
}

/** `createHmac(…).digest('hex')`, in place or by name */
function isComputed(source: SourceView, side: Node): boolean {
  if (side.type === 'member_expression' || side.type === 'subscript_expression') return false
  const isHmac = (node: Node) =>
    node.type === 'call_expression' && /^(?:createHmac|HmacSHA(?:1|256|512))$/.test(calleeOf(node).name)
  if (side.type !== 'identifier') return reaches(source, side, isHmac)
  return resolve(source, side).some(
    (value) => /digest|toString|Hmac/.test(value.text.slice(-400)) && reaches(source, value, isHmac),
  )
}

/** Follows the calls of a chain, whose names would end a trace. */
function reaches(source: SourceView, value: Node, test: (node: Node) => boolean): boolean {
  let node: Node | null = value
  for (let i = 0; i < 12 && node !== null && source.spend(1); i++) {
    if (test(node)) return true
    if (
      node.type === 'template_string' ||
      node.type === 'template_substitution' ||
      node.type === 'binary_expression'
    ) {
      node =
        node.namedChildren.find((child) => child.type !== 'string_fragment' && child.type !== 'string') ??
        null
    } else if (node.type === 'identifier') {
      node = resolve(source, node)[0] ?? null
    } else {
      node = node.type === 'call_expression' ? calleeOf(node).object : node.firstNamedChild
    }
  }
  return false
}

/** `req.headers['x-signature']`, `req.get('X-Api-Key')` */
function isProofHeader(side: Node): boolean {
  const name =
    side.type === 'call_expression'
      ? (stringOf(side.childForFieldName('arguments')?.namedChildren[0] ?? null) ?? '')
      : nameOf(side)
  return /^x-[\w-]*(?:signature|token|key|secret|hmac)[\w-]*$/i.test(name)
}

function isBothSent(source: SourceView, left: Node, right: Node): boolean {
  return traceRequest(source, left) !== null && traceRequest(source, right) !== null
}
