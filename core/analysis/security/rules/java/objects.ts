import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { argumentAt, argumentsOf, calledName, calledOn, receiverText } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { visibleValues } from '../go-java/scope.ts'
import { isInput } from './flow.ts'
import { classText, created, createdType, methodsNamed, methodText, typeOf } from './nodes.ts'

/** Objects that are made of what others send (CWE-502, CWE-915). */
export const OBJECT_RULES: readonly Rule[] = [
  rule({
    id: 'java-object-input-stream',
    title:
      'Serialised objects are read, which may run code of their maker: use JSON, or an ObjectInputFilter',
    cwe: ['CWE-502'],
    severity: 'high',
    needs: ['ObjectInputStream', ['readObject', 'readUnshared']],
    on: [methodsNamed('readObject', 'readUnshared')],
    accept: ({ finding: call, source }) => {
      const stream = streamOf(calledOn(call), source)
      if (stream === null || createdType(stream) !== 'ObjectInputStream') return false
      if (/ObjectInputFilter|resolveClass|SerialFilter/.test(classText(call, source))) return false
      // A copy by way of bytes that were written right here.
      return (
        !/toByteArray\(\)/.test(methodText(call, source)) ||
        !/\bObjectOutputStream\b/.test(methodText(call, source))
      )
    },
  }),
  rule({
    id: 'java-unsafe-object-parser',
    title: 'A parser makes objects of whatever classes the document names: allow only your own, or use JSON',
    cwe: ['CWE-502'],
    severity: 'high',
    needs: [
      [
        'XMLDecoder',
        'XStream',
        'HessianInput',
        'Hessian2Input',
        'Kryo',
        'JsonReader',
        'SerializationUtils',
        'Burlap',
      ],
    ],
    on: [
      created('XMLDecoder', 'XStream', 'HessianInput', 'Hessian2Input', 'BurlapInput'),
      methodsNamed('deserialize', 'setRegistrationRequired', 'jsonToJava'),
    ],
    accept: ({ finding: found, source }) => {
      if (found.type === 'method_invocation') return isUnsafeCall(found, source)
      const around = classText(found, source)
      if (createdType(found) === 'XStream')
        return (
          /fromXML\(/.test(around) &&
          !/allowTypes|allowTypesBy|addPermission|setupDefaultSecurity|allowTypeHierarchy/.test(around)
        )
      return /readObject\(/.test(around)
    },
  }),
  rule({
    id: 'java-unsafe-yaml',
    title: 'YAML may name any class to be made: use new Yaml(new SafeConstructor(new LoaderOptions()))',
    cwe: ['CWE-502'],
    severity: 'high',
    needs: ['Yaml', ['snakeyaml', 'yaml.'], ['.load(', '.loadAll(', '.loadAs(']],
    on: [created('Yaml')],
    accept: ({ finding: found, source }) => {
      if (!/\.load(?:All|As)?\(/.test(classText(found, source))) return false
      const [maker] = argumentsOf(found)
      if (maker === undefined) return true
      const made = maker.type === 'identifier' ? (visibleValues(maker, source)[0] ?? maker) : maker
      return /^new (?:[\w.]+\.)?Constructor\(\s*(?:\)|new LoaderOptions\(\)|Object\.class)/.test(made.text)
    },
  }),
  rule({
    id: 'java-polymorphic-json',
    title: 'JSON may name the class that is made of it: leave default typing off, or name the subtypes',
    cwe: ['CWE-502'],
    severity: 'high',
    needs: [
      [
        'enableDefaultTyping',
        'activateDefaultTyping',
        'JsonTypeInfo',
        'setAutoTypeSupport',
        'SupportAutoType',
      ],
    ],
    on: [
      methodsNamed('enableDefaultTyping', 'activateDefaultTyping', 'setAutoTypeSupport'),
      nodes('annotation', 'JsonTypeInfo'),
      nodes('field_access', 'SupportAutoType'),
    ],
    accept: ({ finding: call }) => {
      if (call.type === 'field_access') return true
      if (call.type === 'annotation') return /\b(?:MINIMAL_)?CLASS\b/.test(call.text)
      if (calledName(call) === 'setAutoTypeSupport') return argumentAt(call, 0)?.text === 'true'
      return calledName(call) === 'enableDefaultTyping' || /LaissezFaire/.test(call.text)
    },
  }),
  rule({
    id: 'java-mass-assignment',
    title:
      'All that a request brings is put into an object, whatever the form offered: name the fields that may be set',
    cwe: ['CWE-915'],
    severity: 'medium',
    needs: [['BeanUtils', 'readerForUpdating', 'updateValue(']],
    on: [methodsNamed('populate', 'readValue', 'updateValue', 'copyProperties')],
    accept: ({ finding: call, source }) => {
      const on = receiverText(call)
      switch (calledName(call)) {
        case 'populate':
          return /BeanUtils/.test(on) && isInput(argumentAt(call, 1), source)
        case 'copyProperties':
          // To is before from, and both may be beans: what is meant is a map of all parameters.
          return (
            /BeanUtils/.test(on) &&
            /getParameterMap|Map</.test(
              typeOf(argumentAt(call, 1), source) || (argumentAt(call, 1)?.text ?? ''),
            ) &&
            isInput(argumentAt(call, 1), source)
          )
        case 'readValue':
          return /readerForUpdating\(/.test(on) && isInput(argumentAt(call, 0), source)
        default:
          return isInput(argumentAt(call, 1), source)
      }
    },
  }),
]

function streamOf(on: Node | null, source: SourceView): Node | null {
  if (on === null) return null
  if (on.type === 'parenthesized_expression') return streamOf(on.firstNamedChild, source)
  if (on.type !== 'identifier') return on.type === 'object_creation_expression' ? on : null
  return visibleValues(on, source).find(({ type }) => type === 'object_creation_expression') ?? null
}

function isUnsafeCall(call: Node, source: SourceView): boolean {
  const on = receiverText(call)
  switch (calledName(call)) {
    case 'deserialize':
      return on.endsWith('SerializationUtils') && isInput(argumentAt(call, 0), source)
    case 'setRegistrationRequired':
      return argumentAt(call, 0)?.text === 'false' && /kryo/i.test(on)
    default:
      return on === 'JsonReader' && isInput(argumentAt(call, 0), source)
  }
}
