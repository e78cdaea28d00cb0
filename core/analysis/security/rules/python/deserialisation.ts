import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { assignmentRule, type Call, callRule, readCall } from './call.ts'
import { isDynamic, isInput, judge } from './flow.ts'
import { isGuarded } from './guards.ts'
import { FIXED, INPUT } from './input.ts'
import { lastName, literalText, namesIn, qualifiedName } from './names.ts'
import { derives, resolve } from './values.ts'

const PICKLE =
  /^(?:(?:c?[pP]ickle|_pickle|dill|cloudpickle|marshal|joblib|pandas|jsonpickle|shelve|torch|numpy|dill\._dill)\.(?:load|loads|read_pickle|decode|open|Unpickler))$/
const SAFE_LOADER = /^(?:yaml\.)?C?(?:Safe|Base)Loader$/
const UNSAFE_LOADER = /^yaml\.(?:C?Loader|C?UnsafeLoader|C?FullLoader|unsafe_load)$/
const XML_READER =
  /^(?:lxml\.(?:etree|objectify)|etree|objectify)\.(?:parse|fromstring|XML|iterparse|fromstringlist)$/
const PLAIN_XML_READER =
  /^(?:xml\.etree\.(?:c?ElementTree)\.(?:parse|fromstring|XML|iterparse|XMLPullParser)|xml\.dom\.(?:minidom|pulldom)\.(?:parse|parseString)|xml\.sax\.(?:parse|parseString)|ET\.(?:parse|fromstring)|minidom\.parseString)$/

/** Reading what runs code or opens files as it is read (CWE-502, CWE-611, CWE-776). */
export const DESERIALISATION_RULES: readonly Rule[] = [
  callRule({
    id: 'py-unpickle',
    title: 'Data that is unpickled can run any code: use JSON, or check a signature of it first',
    cwe: ['CWE-502'],
    severity: 'high',
    names: 'load loads read_pickle decode Unpickler open',
    needs: [['pickle', 'Pickle', 'dill', 'marshal', 'joblib', 'shelve', 'torch', 'numpy', 'pandas']],
    accept: unpicklesUnknown,
  }),
  callRule({
    id: 'py-yaml-load',
    title: 'YAML is read in a way that can run code: use yaml.safe_load',
    cwe: ['CWE-502'],
    severity: 'high',
    names: 'load load_all unsafe_load unsafe_load_all full_load full_load_all YAML',
    needs: ['yaml'],
    accept: readsAnyYaml,
  }),
  callRule({
    id: 'py-xml-entities',
    title:
      'XML is read with external entities: it can fetch files and addresses, set resolve_entities=False or use defusedxml',
    cwe: ['CWE-611'],
    severity: 'high',
    names: 'XMLParser setFeature parse fromstring XML iterparse fromstringlist ETCompatXMLParser make_parser',
    needs: [['lxml', 'xml', 'etree']],
    accept: readsEntities,
  }),
  callRule({
    id: 'py-xml-from-request',
    title: 'XML of a request is read by a parser that expands entities without limit: use defusedxml',
    cwe: ['CWE-776', 'CWE-611'],
    severity: 'medium',
    names: 'parse fromstring XML iterparse parseString',
    needs: ['xml'],
    accept: ({ name, positional: [document], source }) =>
      document !== undefined &&
      PLAIN_XML_READER.test(name) &&
      !source.imports((module) => module.startsWith('defusedxml')) &&
      isInput(document, source),
  }),
  assignmentRule({
    id: 'py-pickle-setting',
    title: 'Messages or sessions are unpickled: whoever can write them runs code, use the JSON serializer',
    cwe: ['CWE-502'],
    severity: 'high',
    needs: [['PickleSerializer', 'accept_content', 'ACCEPT_CONTENT', 'task_serializer', 'TASK_SERIALIZER']],
    accept: (target, value) => {
      const name = lastName(target)
      const text = value.text.slice(0, 200)
      if (name === 'SESSION_SERIALIZER') return text.includes('PickleSerializer')
      return /^(?:CELERY_)?(?:accept_content|task_serializer)$/i.test(name) && /['"]pickle['"]/.test(text)
    },
  }),
]

function unpicklesUnknown({ name, method, positional, keywords, source }: Call): boolean {
  const [data] = positional
  if (data === undefined || !PICKLE.test(name)) return false
  if (name === 'torch.load') return keywords.get('weights_only')?.type === 'false' && isForeign(data, source)
  if (name === 'numpy.load') return keywords.get('allow_pickle')?.type === 'true' && isForeign(data, source)
  if (/^(?:torch|numpy|pandas|shelve)\./.test(name) && !/read_pickle$|^shelve\.open$/.test(name)) return false
  if (method === 'open' && !name.startsWith('shelve')) return false
  if (method === 'decode' && !name.startsWith('jsonpickle')) return false
  return isForeign(data, source)
}

/** Not made, signed or named here: files with fixed names are this program's own. */
function isForeign(data: Node, source: SourceView): boolean {
  if (namesIn(data).some((name) => isGuarded(name, data, source))) return false
  const made = resolve(data, source)
  const call = readCall(made, source)
  if (call !== null && /^(?:dumps|unsign|decrypt|verify)$/.test(call.method)) return false
  if (receives(data, source)) return true
  return isDynamic(data, source, { safe: new Set(['dumps', 'unsign', 'decrypt']) })
}

const RECEIVING =
  /^(?:recv|recvfrom|recv_into|urlopen|makefile|get_data|receive|b64decode|get_object|fetchone|lpop|rpop|blpop|get_message)$/

/** Whether the data comes over the network or out of a store that others write to. */
function receives(data: Node, source: SourceView): boolean {
  return derives(data, source, (part) => {
    const called = part.type === 'call' ? part.childForFieldName('function') : null
    if (called === null) return false
    if (RECEIVING.test(lastName(called))) return true
    const object = called.childForFieldName('object')
    const owner = object === null ? '' : qualifiedName(resolve(object, source), source)
    return STORE.test(owner) && /^(?:get|hget|post|request|read)$/.test(lastName(called))
  })
}

const STORE = /^(?:requests|httpx|redis|urllib3?|memcache|pymemcache|django\.core\.cache)\b/

function readsAnyYaml({ name, method, positional, keywords, hasMore, source }: Call): boolean {
  if (method === 'YAML') return /ruamel/.test(name) && literalText(keywords.get('typ') ?? null) === 'unsafe'
  const [document] = positional
  if (!/^(?:ruamel\.)?yaml\.\w+$/.test(name) || document === undefined) return false
  if (judge(document, source).origin === FIXED && literalText(resolve(document, source)) !== null)
    return false
  if (method.startsWith('unsafe_')) return true
  if (method.startsWith('full_')) return false
  const loader = keywords.get('Loader') ?? positional[1]
  if (loader === undefined) return !hasMore
  const loaderName = qualifiedName(loader, source)
  return !SAFE_LOADER.test(loaderName) && UNSAFE_LOADER.test(loaderName)
}

function readsEntities({ name, method, positional, keywords, source }: Call): boolean {
  if (method === 'setFeature') {
    const [feature, value] = positional
    const isOn = value?.type === 'true' || value?.text === '1'
    return isOn && /feature_external_[gp]es|external-(?:general|parameter)-entities/.test(feature?.text ?? '')
  }
  if (method === 'XMLParser' || method === 'ETCompatXMLParser') {
    if (!/etree|lxml/.test(name) || /^xml\./.test(name)) return false
    const isOn = (option: string) => keywords.get(option)?.type === 'true'
    return isOn('resolve_entities') || isOn('load_dtd') || keywords.get('no_network')?.type === 'false'
  }
  const [document] = positional
  if (document === undefined || !XML_READER.test(name) || name.startsWith('xml.')) return false
  if (!name.startsWith('lxml') || keywords.has('parser') || positional.length > 1) return false
  return keywords.get('resolve_entities')?.type !== 'false' && judge(document, source).origin === INPUT
}
