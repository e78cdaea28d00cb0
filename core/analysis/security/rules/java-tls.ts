import type { Node } from 'web-tree-sitter'
import type { Rule } from '../rule.ts'
import { argumentAt, argumentsOf, calledName, calledOn } from './go-java-nodes.ts'
import { isStaticCall, literalText, methodsNamed } from './java-nodes.ts'

/** TLS without the other side's identity, or in versions that are broken (CWE-295, CWE-297, CWE-327). */
export const TLS_RULES: readonly Rule[] = [
  {
    id: 'java-tls-trust-all',
    title:
      'Every certificate is trusted, so that anybody in between can read along: trust your own CA with a key store',
    cwe: ['CWE-295'],
    severity: 'high',
    needs: [
      [
        'checkServerTrusted',
        'TrustAllStrategy',
        'TrustSelfSignedStrategy',
        'InsecureTrustManagerFactory',
        'loadTrustMaterial',
        'TrustAllCerts',
        'setTrustAll',
      ],
    ],
    query: `
      ((method_declaration name: (identifier) @name body: (block) @body) @finding (#eq? @name "checkServerTrusted"))
      ((field_access object: (identifier) @type field: (identifier) @field) @finding (#any-of? @type "TrustAllStrategy" "InsecureTrustManagerFactory") (#eq? @field "INSTANCE"))
      ${methodsNamed('loadTrustMaterial', 'setTrustAll')}`,
    accept: ({ node, maybe }) => {
      const body = maybe('body')
      if (body !== null) return isDoingNothing(body)
      if (maybe('field') !== null) return true
      const call = node('finding')
      if (calledName(call) === 'setTrustAll') return argumentAt(call, 0)?.text === 'true'
      return argumentsOf(call).some(isAlwaysTrue)
    },
  },
  {
    id: 'java-host-name-not-verified',
    title: 'A certificate of any host is accepted for this one: leave the verifier of host names as it is',
    cwe: ['CWE-297', 'CWE-295'],
    severity: 'high',
    needs: [
      [
        'HostnameVerifier',
        'HOSTNAME_VERIFIER',
        'hostnameVerifier',
        'setEndpointIdentificationAlgorithm',
        'HostnameVerification',
      ],
    ],
    query: `
      ${methodsNamed('setHostnameVerifier', 'setDefaultHostnameVerifier', 'hostnameVerifier', 'setSSLHostnameVerifier', 'setEndpointIdentificationAlgorithm')}
      ((method_declaration name: (identifier) @name parameters: (formal_parameters (formal_parameter) . (formal_parameter type: (type_identifier) @type)) body: (block) @body) @finding (#eq? @name "verify") (#eq? @type "SSLSession"))
      (variable_declarator value: (lambda_expression) @lambda) @finding
      ((field_access object: (identifier) @object field: (identifier) @field) @finding (#any-of? @object "NoopHostnameVerifier" "SSLSocketFactory" "SSLConnectionSocketFactory") (#any-of? @field "INSTANCE" "ALLOW_ALL_HOSTNAME_VERIFIER"))`,
    accept: ({ node, maybe }) => {
      const body = maybe('body')
      if (body !== null) return isReturningTrue(body)
      if (maybe('field') !== null) return true
      const lambda = maybe('lambda')
      if (lambda !== null) {
        return (
          node('finding').parent?.childForFieldName('type')?.text === 'HostnameVerifier' &&
          isAlwaysTrue(lambda)
        )
      }
      const [verifier] = argumentsOf(node('finding'))
      if (verifier === undefined) return false
      if (calledName(node('finding')) === 'setEndpointIdentificationAlgorithm')
        return verifier.text === 'null' || verifier.text === '""'
      return isAlwaysTrue(verifier)
    },
  },
  {
    id: 'java-tls-old-version',
    title: 'A version of TLS that is broken is used: ask for TLSv1.2 or TLSv1.3',
    cwe: ['CWE-327', 'CWE-326'],
    severity: 'medium',
    needs: [['"SSL"', '"SSLv2"', '"SSLv3"', '"TLSv1"', '"TLSv1.1"', 'SSLv2Hello', 'TLS_1_0', 'TLS_1_1']],
    query: methodsNamed(
      'getInstance',
      'setEnabledProtocols',
      'setProtocols',
      'tlsVersions',
      'protocols',
      'setProperty',
    ),
    accept: ({ node, source }) => {
      const call = node('finding')
      const name = calledName(call)
      if (name === 'getInstance') {
        return (
          isStaticCall(call, 'SSLContext') &&
          /^(?:SSL|SSLv2|SSLv3|TLSv1|TLSv1\.1)$/.test(literalText(argumentAt(call, 0), source) ?? '')
        )
      }
      if (name === 'setProperty' && !/protocols"$/i.test(argumentAt(call, 0)?.text ?? '')) return false
      if (name === 'setProperty' && calledOn(call)?.text !== 'System') return false
      return /"(?:[^"]*,)?\s*(?:SSLv2|SSLv3|TLSv1|TLSv1\.1|SSLv2Hello)\s*(?:,[^"]*)?"|\bTLS_1_[01]\b|\bSSL_3_0\b/.test(
        argumentsOf(call)
          .map(({ text }) => text)
          .join(' ')
          .slice(0, 1_000),
      )
    },
  },
]

/** Whether a check of a certificate does no more than return, or note something. */
function isDoingNothing(body: Node): boolean {
  return body.namedChildren.every(
    ({ type, text }) =>
      type.endsWith('comment') ||
      /^return\s*;$/.test(text) ||
      (type === 'expression_statement' &&
        /^(?:this\.)?(?:log|logger|LOG|LOGGER|System\.out)\.\w+\(/.test(text)),
  )
}

function isReturningTrue(body: Node): boolean {
  const statements = body.namedChildren.filter(({ type }) => !type.endsWith('comment'))
  return statements.length === 1 && /^return\s+true\s*;$/.test(statements[0]!.text)
}

/** `(host, session) -> true`, in any of its forms. */
function isAlwaysTrue(node: Node): boolean {
  if (node.type === 'object_creation_expression') {
    return /\{\s*(?:@Override\s*)?public\s+boolean\s+\w+\([^)]*\)[^{]*\{\s*return\s+true\s*;\s*\}\s*\}$/.test(
      node.text.slice(0, 600),
    )
  }
  if (node.type !== 'lambda_expression') return false
  const body = node.childForFieldName('body')
  return body?.type === 'block' ? isReturningTrue(body) : body?.text === 'true'
}
