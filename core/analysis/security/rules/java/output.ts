import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { INPUT } from '../go-java/flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn, isString, receiverText } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { declarationAround, textOf } from '../go-java/scope.ts'
import { constantBeginning } from './addresses.ts'
import { isInput, judge } from './flow.ts'
import { isResponseWriter } from './input.ts'
import { annotationsOf, classAround, methodsNamed, methodText, typeOf } from './nodes.ts'

const LOGGED = {
  safe: /^(?:replace|replaceAll|encode|forJava|toJson|writeValueAsString|getRequestURI|getRequestURL|getQueryString)$/,
}
const ENCODED = {
  safe: /^(?:getRequestURI|getRequestURL|forHtml\w*|encodeForHTML\w*|forJavaScript\w*|forUri\w*|htmlEscape\w*|clean|stripTags|encode|toHtml|writeValueAsString|toJson)$/,
}
/** What is sent is declared to be no HTML. */
const NO_HTML =
  /(?:application\/json|text\/plain|text\/csv|octet-stream|application\/pdf|application\/xml|APPLICATION_JSON|TEXT_PLAIN|APPLICATION_XML)/
const HANDLERS = /^(?:Request|Get|Post|Put|Patch|Delete)Mapping$/

/** Input that is shown, decides which view is, or is logged (CWE-79, CWE-117, CWE-209). */
export const OUTPUT_RULES: readonly Rule[] = [
  rule({
    id: 'java-html-from-input',
    title: 'Input is written into a page as it came: escape it, or use a template that does',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: [['getWriter', 'getOutputStream', 'RestController', 'ResponseBody', 'ResponseEntity']],
    on: [methodsNamed('print', 'println', 'write', 'append', 'printf', 'format'), nodes('return_statement')],
    accept: ({ finding: found, source }) => {
      if (found.type === 'return_statement') return isPageReturned(found.firstNamedChild, source)
      if (!argumentsOf(found).some((part) => isInput(part, source, ENCODED))) return false
      return isPage(calledOn(found), source) && !NO_HTML.test(methodText(found, source))
    },
  }),
  rule({
    id: 'java-view-name-from-input',
    title: 'Which view is shown is chosen by the request: choose it from a list of your own',
    cwe: ['CWE-1336', 'CWE-94'],
    severity: 'high',
    needs: ['@Controller', ['Mapping']],
    on: [nodes('return_statement')],
    accept: ({ finding, source }) => {
      const returned = finding.firstNamedChild
      if (returned === null || isString(returned)) return false
      const method = declarationAround(returned, source)
      if (method === null || method.childForFieldName('type')?.text !== 'String' || !isView(method))
        return false
      return isInput(returned, source) && !/^(?:redirect:|<)/.test(constantBeginning(returned, source))
    },
  }),
  rule({
    id: 'java-log-entry-from-input',
    title: 'Input is logged as it came, and may hold line ends that forge entries: remove them first',
    cwe: ['CWE-117'],
    severity: 'low',
    needs: [['log.', 'LOG.', 'logger.', 'LOGGER.', 'Logger.', 'Log.']],
    on: [methodsNamed('info', 'warn', 'error', 'debug', 'log', 'severe', 'warning', 'fine', 'fatal')],
    accept: ({ finding: call, source }) => {
      if (!/^(?:this\.)?_?(?:log|logger|LOG|LOGGER)$/.test(receiverText(call))) return false
      return argumentsOf(call).some((part) => isInput(part, source, LOGGED))
    },
  }),
  rule({
    id: 'java-debug-output',
    title: 'Visitors see what only developers should, such as stack traces: log it, and show an error page',
    cwe: ['CWE-209', 'CWE-489'],
    severity: 'medium',
    needs: [['printStackTrace', 'EnableWebSecurity', 'getStackTrace']],
    on: [
      methodsNamed('printStackTrace', 'print', 'println', 'write'),
      nodes('annotation', 'EnableWebSecurity'),
    ],
    accept: ({ finding: call, source }) => {
      if (call.type === 'annotation') return /debug\s*=\s*true/.test(call.text)
      const first = argumentAt(call, 0)
      if (first === null) return false
      if (calledName(call) === 'printStackTrace') return isResponseWriter(first, source)
      return /getStackTrace\(/.test(first.text) && isResponseWriter(calledOn(call), source)
    },
  }),
]

/** A response's writer, or one that a helper is given to write the page to. */
function isPage(writer: Node | null, source: SourceView): boolean {
  if (isResponseWriter(writer, source)) return true
  return (
    writer?.type === 'identifier' &&
    /^(?:PrintWriter|JspWriter|ServletOutputStream)$/.test(typeOf(writer, source))
  )
}

/** What a controller returns is the page itself: HTML with input in it. */
function isPageReturned(returned: Node | null, source: SourceView): boolean {
  if (returned === null || !/^(?:binary_expression|method_invocation|identifier)$/.test(returned.type))
    return false
  const method = declarationAround(returned, source)
  if (method?.type !== 'method_declaration' || !isHandler(method)) return false
  const annotations = annotationsOf(method)
  const isBody =
    annotations.has('ResponseBody') || annotationsOf(classAround(method) ?? method).has('RestController')
  if (!isBody && !/^ResponseEntity/.test(method.childForFieldName('type')?.text ?? '')) return false
  if (NO_HTML.test(textOf(method, source))) return false
  const { origin, text } = judge(returned, source, ENCODED)
  return origin === INPUT && /<\/?[a-z!]/i.test(text)
}

function isHandler(method: Node): boolean {
  return [...annotationsOf(method).keys()].some((name) => HANDLERS.test(name))
}

function isView(method: Node): boolean {
  if (!isHandler(method) || annotationsOf(method).has('ResponseBody')) return false
  const around = classAround(method)
  return around !== null && annotationsOf(around).has('Controller')
}
