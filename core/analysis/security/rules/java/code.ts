import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { FIXED, INPUT } from '../go-java/flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn, receiverText, tailOf } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { isInput, judge } from './flow.ts'
import { created, createdType, methodsNamed, typeOf } from './nodes.ts'

const SHELL = /(?:^|[\s\\/])(?:sh|bash|zsh|dash|ksh|cmd|powershell|pwsh)(?:\.exe)?(?=\s|$)/i
const SHELL_FLAG = /(?:^|\s)(?:-\w*c|\/c|-Command)(?=\s|$)/i
const EVALUATORS =
  /ScriptEngine|GroovyShell|GroovyClassLoader|SpelExpressionParser|ExpressionParser|MVEL|Ognl|Jexl|ELProcessor|ExpressionFactory|JavaScriptEngine|Interpreter|Binding|^engine$|^parser$|^shell$|^jexl$|[eE]valuator|[sS]cript|spel/

/** Running programs and code (CWE-78, CWE-94, CWE-917, CWE-470, CWE-1336, CWE-1333). */
export const CODE_RULES: readonly Rule[] = [
  rule({
    id: 'java-command-from-values',
    title:
      'A command is put together from values: pass the program and its arguments as a list, without a shell',
    cwe: ['CWE-78'],
    severity: 'critical',
    needs: [['getRuntime', 'Runtime', 'ProcessBuilder', 'CommandLine']],
    on: [methodsNamed('exec', 'command', 'parse'), created('ProcessBuilder')],
    accept: ({ finding, source }) => isCommandFromValues(finding, source),
  }),
  rule({
    id: 'java-code-from-input',
    title:
      'An expression or script comes with the request and is run: evaluate only your own, with the input as data',
    cwe: ['CWE-94', 'CWE-917'],
    severity: 'critical',
    needs: [
      [
        'ScriptEngine',
        'Groovy',
        'ExpressionParser',
        'MVEL',
        'Ognl',
        'OGNL',
        'Jexl',
        'ELProcessor',
        'ExpressionFactory',
        'Interpreter',
        'javax.script',
      ],
    ],
    on: [
      methodsNamed(
        ...[
          'eval',
          'evaluate',
          'parseExpression',
          'parseClass',
          'parse',
          'getValue',
          'setValue',
          'createExpression',
          'createScript',
        ],
        ...['createValueExpression', 'compileExpression', 'executeExpression', 'compile', 'run'],
      ),
    ],
    accept: ({ finding: call, source }) => {
      const on = calledOn(call)
      if (on === null || !EVALUATORS.test(`${on.text.slice(0, 80)} ${typeOf(on, source)}`)) return false
      if (tailOf(on) === 'Pattern') return false
      return argumentsOf(call).some((code) => {
        const { origin, text } = judge(code, source)
        return origin === INPUT || (origin !== FIXED && /[(#'"=]|\bnew\b|\+/.test(text))
      })
    },
  }),
  rule({
    id: 'java-class-from-input',
    title: 'Which class is loaded is chosen by the request: choose it from a list of your own',
    cwe: ['CWE-470'],
    severity: 'high',
    needs: [['Class.forName', 'loadClass(', 'newInstance']],
    on: [methodsNamed('forName', 'loadClass')],
    accept: ({ finding, source }) => isInput(argumentAt(finding, 0), source),
  }),
  rule({
    id: 'java-jndi-lookup-of-input',
    title:
      'A JNDI name comes with the request, which can load code from elsewhere: look up only names of your own',
    cwe: ['CWE-74', 'CWE-917'],
    severity: 'critical',
    needs: [
      'lookup(',
      ['javax.naming', 'jakarta.naming', 'InitialContext', 'JndiTemplate', 'java.rmi', 'Naming'],
    ],
    on: [methodsNamed('lookup', 'lookupLink')],
    accept: ({ finding, source }) => isInput(argumentAt(finding, 0), source),
  }),
  rule({
    id: 'java-template-from-input',
    title:
      'A template or the name of a view comes with the request: use templates of your own, with the input as data',
    cwe: ['CWE-1336', 'CWE-94'],
    severity: 'high',
    needs: [
      [
        'Velocity',
        'freemarker',
        'Freemarker',
        'thymeleaf',
        'TemplateEngine',
        'templateEngine',
        'Pebble',
        'Mustache',
        'Handlebars',
        'Jinjava',
      ],
    ],
    on: [
      methodsNamed(
        'evaluate',
        'process',
        'putTemplate',
        'compileInline',
        'getLiteralTemplate',
        'render',
        'mergeTemplate',
      ),
      created('Template', 'StringTemplateResource'),
    ],
    accept: ({ finding: found, source }) => {
      if (found.type === 'object_creation_expression')
        return argumentsOf(found).some((part) => isInput(part, source))
      if (
        !/velocity|engine|loader|handlebars|mustache|pebble|jinjava/i.test(
          `${receiverText(found)}${typeOf(calledOn(found), source)}`,
        )
      )
        return false
      // The context, which may hold input, comes first for Velocity and second for the others.
      const given = argumentsOf(found)
      const text = { evaluate: 3, putTemplate: 1 }[calledName(found)] ?? 0
      return isInput(given[text] ?? null, source)
    },
  }),
  rule({
    id: 'java-regex-from-input',
    title: 'A regular expression comes with the request and may take for ever: use Pattern.quote, or RE2/J',
    cwe: ['CWE-1333', 'CWE-400'],
    severity: 'medium',
    needs: [['Pattern.compile', '.matches(', 'Pattern.matches']],
    on: [methodsNamed('compile', 'matches')],
    accept: ({ finding: call, source }) => {
      const isPattern = receiverText(call) === 'Pattern'
      if (calledName(call) === 'compile' && !isPattern) return false
      // `encoder.matches(given, stored)` compares passwords.
      if (!isPattern && argumentsOf(call).length !== 1) return false
      return isInput(argumentAt(call, 0), source)
    },
  }),
]

function isCommandFromValues(found: Node, source: SourceView): boolean {
  const given = argumentsOf(found)
  const [first] = given
  if (first === undefined) return false
  if (found.type === 'object_creation_expression') return isBuilderWithValues(given, source)
  const on = calledOn(found)
  const name = calledName(found)
  if (on === null) return false
  if (name === 'command') {
    return createdType(on) === 'ProcessBuilder' || typeOf(on, source) === 'ProcessBuilder'
      ? isBuilderWithValues(given, source)
      : false
  }
  if (name === 'parse') return tailOf(on) === 'CommandLine' && isText(first, source)
  if (!/getRuntime\(\)$/.test(tailOf(on)) && typeOf(on, source) !== 'Runtime') return false
  return isList(first, source) ? isBuilderWithValues([first], source) : isText(first, source)
}

/** A whole command line, which is taken apart at its spaces: put together, or from outside. */
function isText(command: Node, source: SourceView): boolean {
  const { origin, text } = judge(command, source)
  return (
    origin === INPUT || (origin !== FIXED && (text.trim() !== '' || typeOf(command, source) === 'String'))
  )
}

function isList(command: Node, source: SourceView): boolean {
  if (/^array_/.test(command.type)) return true
  return command.type === 'identifier' && typeOf(command, source).endsWith('[]')
}

function isBuilderWithValues(given: readonly Node[], source: SourceView): boolean {
  const parts = given.map((part) => judge(part, source))
  const text = parts.map((part) => part.text).join(' ')
  const isAnyDynamic = parts.some(({ origin }) => origin !== FIXED)
  if (SHELL.test(text) && SHELL_FLAG.test(text)) return isAnyDynamic
  const [first] = given
  // The program itself: the first of several, or all of one text.
  if (parts[0]!.origin !== INPUT) return false
  return given.length > 1 || first!.type !== 'array_creation_expression'
    ? parts[0]!.text.trim() === ''
    : isInput(firstElement(first!), source)
}

function firstElement(array: Node): Node | null {
  return array.childForFieldName('value')?.firstNamedChild ?? null
}
