import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { functionText } from '../go-java/scope.ts'
import { callsNamed } from './nodes.ts'

/** A field of a literal, or of a variable, that is given a value. */
const given = (...fields: readonly string[]) => [
  nodes('keyed_element', ...fields),
  nodes('assignment_statement', ...fields),
]

/** TLS and SSH without the other side's identity, or in versions that are broken (CWE-295, CWE-322, CWE-327). */
export const TLS_RULES: readonly Rule[] = [
  rule({
    id: 'go-tls-verification-off',
    title:
      'Certificates are not verified, so that anybody in between can read along: trust your own CA with RootCAs',
    cwe: ['CWE-295'],
    severity: 'high',
    needs: ['InsecureSkipVerify'],
    on: given('InsecureSkipVerify'),
    accept: ({ finding, source }) => {
      if (givenTo(finding)?.type !== 'true') return false
      const around = finding.parent
      const verifies = /VerifyConnection|VerifyPeerCertificate/
      if (around?.type === 'literal_value') return !verifies.test(around.text.slice(0, 4_000))
      return !verifies.test(functionText(finding, source))
    },
  }),
  rule({
    id: 'go-ssh-host-key-ignored',
    title: "The SSH server's key is not checked: use knownhosts, or ssh.FixedHostKey",
    cwe: ['CWE-322', 'CWE-295'],
    severity: 'high',
    needs: ['ssh', ['InsecureIgnoreHostKey', 'HostKeyCallback']],
    on: [callsNamed('InsecureIgnoreHostKey'), ...given('HostKeyCallback')],
    accept: ({ finding }) => {
      if (finding.type === 'call_expression') return true
      const callback = givenTo(finding)
      const body = callback?.type === 'func_literal' ? callback.childForFieldName('body') : null
      return body !== null && /^\{\s*return nil;?\s*\}$/.test(body.text.slice(0, 100))
    },
  }),
  rule({
    id: 'go-tls-old-version',
    title: 'TLS versions that are broken are allowed: begin with tls.VersionTLS12',
    cwe: ['CWE-327', 'CWE-326'],
    severity: 'medium',
    needs: [
      ['VersionTLS10', 'VersionTLS11', 'VersionSSL30'],
      ['MinVersion', 'MaxVersion'],
    ],
    on: given('MinVersion', 'MaxVersion'),
    accept: ({ finding }) => /\.Version(?:TLS10|TLS11|SSL30)$/.test(givenTo(finding)?.text ?? ''),
  }),
  rule({
    id: 'go-tls-broken-cipher-suite',
    title: 'A cipher suite of TLS that is broken is allowed: leave CipherSuites to the standard library',
    cwe: ['CWE-327'],
    severity: 'medium',
    needs: ['CipherSuites', ['RC4', '3DES', '_NULL_']],
    on: given('CipherSuites'),
    accept: ({ finding }) => /_(?:RC4|3DES|NULL)_/.test(givenTo(finding)?.text.slice(0, 4_000) ?? ''),
  }),
]

/** The value that a field is given. */
function givenTo(binding: Node): Node | null {
  const value = binding.type === 'keyed_element' ? binding.lastNamedChild : binding.childForFieldName('right')
  return value?.firstNamedChild ?? value
}
