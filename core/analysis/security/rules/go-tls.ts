import type { Rule } from '../rule.ts'
import { functionAround } from './go-java-scope.ts'
import { callsNamed } from './go-nodes.ts'

/** A field of a literal, or of a variable, that is given a value. */
const given = (field: string, value: string) => `
  ((keyed_element . (literal_element (identifier) @name) (literal_element ${value})) @finding (#eq? @name "${field}"))
  ((assignment_statement left: (expression_list (selector_expression field: (field_identifier) @name)) right: (expression_list ${value})) @finding (#eq? @name "${field}"))`

/** TLS and SSH without the other side's identity, or in versions that are broken (CWE-295, CWE-322, CWE-327). */
export const TLS_RULES: readonly Rule[] = [
  {
    id: 'go-tls-verification-off',
    title:
      'Certificates are not verified, so that anybody in between can read along: trust your own CA with RootCAs',
    cwe: ['CWE-295'],
    severity: 'high',
    needs: ['InsecureSkipVerify'],
    query: given('InsecureSkipVerify', '(true)'),
    accept: ({ node, source }) => {
      const around = node('finding').parent
      const verifies = /VerifyConnection|VerifyPeerCertificate/
      if (around?.type === 'literal_value') return !verifies.test(around.text.slice(0, 4_000))
      return !verifies.test(functionAround(node('finding'), source)?.text.slice(0, 20_000) ?? '')
    },
  },
  {
    id: 'go-ssh-host-key-ignored',
    title: "The SSH server's key is not checked: use knownhosts, or ssh.FixedHostKey",
    cwe: ['CWE-322', 'CWE-295'],
    severity: 'high',
    needs: ['ssh', ['InsecureIgnoreHostKey', 'HostKeyCallback']],
    query: `
      ${callsNamed('InsecureIgnoreHostKey')}
      ((keyed_element . (literal_element (identifier) @name) (literal_element (func_literal body: (_) @body))) @finding (#eq? @name "HostKeyCallback"))`,
    accept: ({ maybe }) => {
      const body = maybe('body')
      return body === null || /^\{\s*return nil;?\s*\}$/.test(body.text.slice(0, 100))
    },
  },
  {
    id: 'go-tls-old-version',
    title: 'TLS versions that are broken are allowed: begin with tls.VersionTLS12',
    cwe: ['CWE-327', 'CWE-326'],
    severity: 'medium',
    needs: [
      ['VersionTLS10', 'VersionTLS11', 'VersionSSL30'],
      ['MinVersion', 'MaxVersion'],
    ],
    query: `${given('MinVersion', '(selector_expression) @version')}${given('MaxVersion', '(selector_expression) @version')}`,
    accept: ({ node }) => /\.Version(?:TLS10|TLS11|SSL30)$/.test(node('version').text),
  },
  {
    id: 'go-tls-broken-cipher-suite',
    title: 'A cipher suite of TLS that is broken is allowed: leave CipherSuites to the standard library',
    cwe: ['CWE-327'],
    severity: 'medium',
    needs: ['CipherSuites', ['RC4', '3DES', '_NULL_']],
    query: `((keyed_element . (literal_element (identifier) @name) (literal_element (composite_literal) @suites)) @finding (#eq? @name "CipherSuites"))`,
    accept: ({ node }) => /_(?:RC4|3DES|NULL)_/.test(node('suites').text.slice(0, 4_000)),
  },
]
