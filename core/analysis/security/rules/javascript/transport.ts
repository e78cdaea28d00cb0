import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import {
  argumentOf,
  assignedTo,
  calleeOf,
  isFunction,
  moduleOf,
  nameOf,
  parentOf,
  stringOf,
} from './nodes.ts'
import { assignments, calls, members, rule } from './rule.ts'

const REQUIRED = ['rejectUnauthorized', 'strictSSL', 'strict-ssl', 'sslValidate']
const FORBIDDEN = [
  ...[
    'insecureSkipVerify',
    'tlsAllowInvalidCertificates',
    'tlsAllowInvalidHostnames',
    'trustServerCertificate',
  ],
  ...['ignoreHTTPSErrors', 'acceptInsecureCerts'],
]
const OPEN_WINDOWS = [
  ...['nodeIntegration', 'nodeIntegrationInWorker', 'nodeIntegrationInSubFrames', 'enableRemoteModule'],
  'allowRunningInsecureContent',
]
const CLOSED_WINDOWS = ['contextIsolation', 'webSecurity']

/** Connections that do not say with whom (CWE-295), documents that reach for others (CWE-611). */
export const TRANSPORT_RULES: readonly Rule[] = [
  rule({
    id: 'js-tls-unverified',
    title:
      'Certificates of other hosts are not verified: leave verification on, and give a CA of your own by `ca`',
    cwe: ['CWE-295'],
    severity: 'high',
    needs: [
      [
        ...[
          'rejectUnauthorized',
          'NODE_TLS_REJECT_UNAUTHORIZED',
          'strictSSL',
          'checkServerIdentity',
          'strict-ssl',
        ],
        ...[
          'insecureSkipVerify',
          'ignoreHTTPSErrors',
          'acceptInsecureCerts',
          'tlsAllowInvalid',
          'sslValidate',
        ],
        'trustServerCertificate',
      ],
    ],
    on: [
      members(REQUIRED),
      members(FORBIDDEN),
      members(['NODE_TLS_REJECT_UNAUTHORIZED', 'checkServerIdentity']),
      assignments(['NODE_TLS_REJECT_UNAUTHORIZED', 'rejectUnauthorized', 'strictSSL']),
    ],
    accept: ({ finding, name }) => {
      const value = assignedTo(finding)
      if (value === null) return false
      if (name === 'checkServerIdentity') return isFunction(value) && checksNothing(value)
      if (FORBIDDEN.includes(name)) return value.type === 'true'
      return value.type === 'false' || /^['"]?0['"]?$/.test(value.text)
    },
  }),
  rule({
    id: 'js-old-tls',
    title: 'Connections may use TLS 1.1 or older, which can be broken: ask for TLS 1.2 or later',
    cwe: ['CWE-326', 'CWE-327'],
    severity: 'medium',
    needs: [['secureProtocol', 'minVersion', 'maxVersion', 'DEFAULT_MIN_VERSION']],
    on: [
      members(['secureProtocol', 'minVersion', 'maxVersion']),
      assignments(['DEFAULT_MIN_VERSION', 'DEFAULT_MAX_VERSION']),
    ],
    accept: ({ finding }) => {
      const value = assignedTo(finding)
      return /^(?:TLSv1(?:\.[01])?|SSLv[23]|(?:TLSv1(?:_1)?|SSLv(?:2|3))(?:_(?:client|server))?_method)$/.test(
        stringOf(value) ?? '',
      )
    },
  }),
  rule({
    id: 'js-xml-entities',
    title:
      'An XML reader resolves entities, by which a document can read files and ask other hosts: leave that off',
    cwe: ['CWE-611', 'CWE-776'],
    severity: 'high',
    needs: [
      ['noent', 'dtdload', 'dtdvalid', 'XML_PARSE_NOENT', 'XML_PARSE_DTDLOAD', 'resolveExternalEntities'],
    ],
    on: [
      members(['noent', 'dtdload', 'dtdvalid', 'resolveExternalEntities', 'expandEntities']),
      calls(['parseXml', 'parseXmlString', 'parseXmlAsync', 'parseHtml', 'fromString', 'parse']),
    ],
    accept: ({ source, finding }) => {
      if (finding.type === 'pair') return assignedTo(finding)?.type === 'true'
      const options = argumentOf(source, finding, 1)
      return options !== null && /XML_PARSE_(?:NOENT|DTDLOAD)/.test(options.text.slice(0, 400))
    },
  }),
  rule({
    id: 'js-electron-isolation',
    title:
      'Pages in the window can reach Node or other sites’ data: leave contextIsolation and webSecurity on',
    cwe: ['CWE-653', 'CWE-94'],
    severity: 'high',
    needs: [['nodeIntegration', 'contextIsolation', 'webSecurity', 'allowRunningInsecureContent']],
    on: [members([...OPEN_WINDOWS, ...CLOSED_WINDOWS])],
    accept: ({ finding, name }) =>
      assignedTo(finding)?.type === (OPEN_WINDOWS.includes(name) ? 'true' : 'false'),
  }),
  rule({
    id: 'js-debug-mode',
    title:
      'Something that is meant for debugging is on wherever this runs: turn it on by the environment only',
    cwe: ['CWE-489', 'CWE-215'],
    severity: 'medium',
    needs: [
      [
        ...['errorhandler', 'inspector', 'includeStacktraceInErrorResponses', 'introspection', 'playground'],
        ...['graphiql', 'showStack', '--inspect'],
      ],
    ],
    on: [
      members(['includeStacktraceInErrorResponses', 'introspection', 'playground', 'graphiql', 'showStack']),
      calls(['use', 'open', 'spawn', 'fork']),
    ],
    accept: ({ source, finding: call, name }) => {
      if (call.type === 'pair') return assignedTo(call)?.type === 'true'
      const { object } = calleeOf(call)
      const first = argumentOf(source, call, 0)
      if (name === 'open') {
        const host = argumentOf(source, call, 1)
        return (
          (moduleOf(source, call) ?? nameOf(object)) === 'inspector' &&
          /0\.0\.0\.0|::/.test(stringOf(host) ?? '')
        )
      }
      if (name !== 'use') return /--inspect(?:-brk)?=(?:0\.0\.0\.0|\[::\])/.test(call.text.slice(0, 400))
      return (
        first?.type === 'call_expression' &&
        moduleOf(source, first) === 'errorhandler' &&
        !isConditional(source, call)
      )
    },
  }),
]

/** Whether a check of a host's name lets every name pass: it neither throws nor returns an error. */
function checksNothing(check: Node): boolean {
  const text = check.text.slice(0, 2_000)
  return !/throw|Error|===|!==|checkServerIdentity\(|return\s+(?!undefined|null|true)\w/.test(text)
}

/** Whether a statement stands in a branch. */
function isConditional(source: SourceView, call: Node): boolean {
  let node = parentOf(source, call)
  for (let i = 0; i < MAX_ANCESTORS && node !== null; i++) {
    if (/^(?:if_statement|ternary_expression|switch_case|binary_expression)$/.test(node.type)) return true
    node = parentOf(source, node)
  }
  return false
}

const MAX_ANCESTORS = 12
