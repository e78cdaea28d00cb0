import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import { argumentAt, argumentsOf, calledName, receiverText } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { isStaticCall, literalText, methodsNamed } from './nodes.ts'

/** TLS without the other side's identity, or in versions that are broken (CWE-295, CWE-297, CWE-327). */
export const TLS_RULES: readonly Rule[] = [
  rule({
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
    on: [
      methodsNamed('loadTrustMaterial', 'setTrustAll'),
      nodes('method_declaration', 'checkServerTrusted'),
      nodes('field_access', 'INSTANCE'),
    ],
    accept: ({ finding: call }) => {
      if (call.type === 'method_declaration') {
        const body = call.childForFieldName('body')
        return body !== null && isDoingNothing(body)
      }
      if (call.type === 'field_access')
        return /(?:TrustAllStrategy|InsecureTrustManagerFactory)\.INSTANCE$/.test(call.text)
      if (calledName(call) === 'setTrustAll') return argumentAt(call, 0)?.text === 'true'
      return argumentsOf(call).some(isAlwaysTrue)
    },
  }),
  rule({
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
    on: [
      methodsNamed(
        'setHostnameVerifier',
        'setDefaultHostnameVerifier',
        'hostnameVerifier',
        'setSSLHostnameVerifier',
        'setEndpointIdentificationAlgorithm',
      ),
      nodes('method_declaration', 'verify'),
      nodes('variable_declarator'),
      nodes('field_access', 'INSTANCE', 'ALLOW_ALL_HOSTNAME_VERIFIER'),
    ],
    accept: ({ finding }) => {
      if (finding.type === 'method_declaration') return isVerifyingAny(finding)
      if (finding.type === 'field_access') return ANY_HOST.test(finding.text)
      if (finding.type === 'variable_declarator') {
        const verifier = finding.childForFieldName('value')
        return (
          finding.parent?.childForFieldName('type')?.text === 'HostnameVerifier' &&
          verifier?.type === 'lambda_expression' &&
          isAlwaysTrue(verifier)
        )
      }
      const [verifier] = argumentsOf(finding)
      if (verifier === undefined) return false
      if (calledName(finding) === 'setEndpointIdentificationAlgorithm')
        return verifier.text === 'null' || verifier.text === '""'
      return isAlwaysTrue(verifier)
    },
  }),
  rule({
    id: 'java-tls-old-version',
    title: 'A version of TLS that is broken is used: ask for TLSv1.2 or TLSv1.3',
    cwe: ['CWE-327', 'CWE-326'],
    severity: 'medium',
    needs: [['"SSL"', '"SSLv2"', '"SSLv3"', '"TLSv1"', '"TLSv1.1"', 'SSLv2Hello', 'TLS_1_0', 'TLS_1_1']],
    on: [
      methodsNamed(
        'getInstance',
        'setEnabledProtocols',
        'setProtocols',
        'tlsVersions',
        'protocols',
        'setProperty',
      ),
    ],
    accept: ({ finding: call, source }) => {
      const name = calledName(call)
      if (name === 'getInstance') {
        return (
          isStaticCall(call, 'SSLContext') &&
          /^(?:SSL|SSLv2|SSLv3|TLSv1|TLSv1\.1)$/.test(literalText(argumentAt(call, 0), source) ?? '')
        )
      }
      if (name === 'setProperty' && !/protocols"$/i.test(argumentAt(call, 0)?.text ?? '')) return false
      if (name === 'setProperty' && receiverText(call) !== 'System') return false
      return /"(?:[^"]*,)?\s*(?:SSLv2|SSLv3|TLSv1|TLSv1\.1|SSLv2Hello)\s*(?:,[^"]*)?"|\bTLS_1_[01]\b|\bSSL_3_0\b/.test(
        argumentsOf(call)
          .map(({ text }) => text)
          .join(' ')
          .slice(0, 1_000),
      )
    },
  }),
]

const ANY_HOST =
  /(?:NoopHostnameVerifier\.INSTANCE|SSL(?:Connection)?SocketFactory\.ALLOW_ALL_HOSTNAME_VERIFIER)$/

/** `boolean verify(String host, SSLSession session) { return true; }` */
function isVerifyingAny(method: Node): boolean {
  const body = method.childForFieldName('body')
  const parameters = method.childForFieldName('parameters')?.text ?? ''
  return (
    body !== null &&
    /,\s*(?:final\s+)?(?:[\w.]+\.)?SSLSession\s+\w+\s*\)$/.test(parameters.slice(-200)) &&
    isReturningTrue(body)
  )
}

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
