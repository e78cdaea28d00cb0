import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { receiverText } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { declarationAround, textOf } from '../go-java/scope.ts'
import { classText, created, createdType, methodsNamed } from './nodes.ts'

const FACTORIES =
  /^(?:[\w.]+\.)?(?:DocumentBuilderFactory|SAXParserFactory|XMLInputFactory|TransformerFactory|SAXTransformerFactory|XMLReaderFactory)$/
/** What turns external entities off. */
const HARDENING =
  /disallow-doctype-decl|external-general-entities|ACCESS_EXTERNAL_DTD|accessExternalDTD|SUPPORT_DTD|supportDTD|IS_SUPPORTING_EXTERNAL_ENTITIES|isSupportingExternalEntities|FEATURE_SECURE_PROCESSING|setEntityResolver|setXMLResolver|[hH]arden\w*\(|[sS]ecure\w*\(|newDefaultNSInstance|createDefaultSecure/

/** XML that may name files and addresses to be read (CWE-611). */
export const XML_RULES: readonly Rule[] = [
  rule({
    id: 'java-xml-external-entities',
    title: 'An XML parser follows external entities to files and servers: set disallow-doctype-decl',
    cwe: ['CWE-611'],
    severity: 'high',
    needs: [
      [
        'DocumentBuilderFactory',
        'SAXParserFactory',
        'XMLInputFactory',
        'TransformerFactory',
        'XMLReaderFactory',
        'SAXReader',
        'SAXBuilder',
        'Digester',
      ],
    ],
    on: [
      methodsNamed('newInstance', 'newFactory', 'createXMLReader'),
      created('SAXReader', 'SAXBuilder', 'Digester'),
    ],
    accept: ({ finding: found, source }) => {
      const factory = found.type === 'method_invocation' ? receiverText(found) : ''
      if (factory !== '' && !FACTORIES.test(factory)) return false
      // Tomcat has a Digester of its own, for its own files.
      if (
        createdType(found) === 'Digester' &&
        !source.imports((name) => name.startsWith('org.apache.commons.digester'))
      )
        return false
      return readsUnprotected(found, factory, source)
    },
  }),
]

function readsUnprotected(found: Node, factory: string, source: SourceView): boolean {
  if (found.type === 'method_invocation' && factory === '') return false
  const method = textOf(declarationAround(found, source), source)
  if (HARDENING.test(method)) return false
  const around = classText(found, source)
  // Where the parser is kept in a field, or handed on, it is what others do with it that counts.
  const isElsewhere = !READING.test(method)
  if (isElsewhere && HARDENING.test(around)) return false
  const reads = /Transformer/.test(factory) ? /\b(?:StreamSource|SAXSource)\(/ : READING
  return reads.test(isElsewhere ? around : method)
}

const READING = /\.(?:parse|read|build|createXML(?:Stream|Event)Reader|unmarshal|transform)\(/
