import type { Node } from 'web-tree-sitter'
import type { Rule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { INPUT } from './go-java-flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn } from './go-java-nodes.ts'
import { declarationAround } from './go-java-scope.ts'
import { beginningOf } from './java-addresses.ts'
import { isInput, judge } from './java-flow.ts'
import { isResponseWriter } from './java-input.ts'
import { annotationsOf, classAround, methodsNamed, methodText } from './java-nodes.ts'

const ENCODING =
  /^(?:forHtml\w*|encodeForHTML\w*|forJavaScript\w*|forUri\w*|htmlEscape\w*|clean|stripTags|encode|toHtml|writeValueAsString|toJson)$/
/** What is sent is declared to be no HTML. */
const NO_HTML =
  /(?:application\/json|text\/plain|text\/csv|octet-stream|application\/pdf|application\/xml|APPLICATION_JSON|TEXT_PLAIN|APPLICATION_XML)/
const HANDLERS = /^(?:Request|Get|Post|Put|Patch|Delete)Mapping$/

/** Input that is shown, decides which view is, or is logged (CWE-79, CWE-117, CWE-209). */
export const OUTPUT_RULES: readonly Rule[] = [
  {
    id: 'java-html-from-input',
    title: 'Input is written into a page as it came: escape it, or use a template that does',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: [['getWriter', 'getOutputStream', 'RestController', 'ResponseBody', 'ResponseEntity']],
    query: `
      ${methodsNamed('print', 'println', 'write', 'append', 'printf', 'format')}
      (return_statement [(binary_expression) (method_invocation) (identifier)] @returned) @finding`,
    accept: ({ node, maybe, source }) => {
      const found = node('finding')
      const returned = maybe('returned')
      if (returned !== null) return isPageReturned(returned, source)
      if (!isResponseWriter(calledOn(found), source) || NO_HTML.test(methodText(found, source))) return false
      return argumentsOf(found).some((part) => isInput(part, source, { safe: ENCODING }))
    },
  },
  {
    id: 'java-view-name-from-input',
    title: 'Which view is shown is chosen by the request: choose it from a list of your own',
    cwe: ['CWE-1336', 'CWE-94'],
    severity: 'high',
    needs: ['@Controller', ['Mapping']],
    query: '(return_statement [(binary_expression) (identifier)] @returned) @finding',
    accept: ({ node, source }) => {
      const returned = node('returned')
      const method = declarationAround(returned, source)
      if (method === null || method.childForFieldName('type')?.text !== 'String' || !isView(method))
        return false
      return isInput(returned, source) && !/^"(?:redirect:|<)/.test(beginningOf(returned, source)?.text ?? '')
    },
  },
  {
    id: 'java-log-entry-from-input',
    title: 'Input is logged as it came, and may hold line ends that forge entries: remove them first',
    cwe: ['CWE-117'],
    severity: 'low',
    needs: [['log.', 'LOG.', 'logger.', 'LOGGER.', 'Logger.', 'Log.']],
    query: methodsNamed(
      'info',
      'warn',
      'error',
      'debug',
      'trace',
      'log',
      'severe',
      'warning',
      'fine',
      'fatal',
    ),
    accept: ({ node, source }) => {
      const call = node('finding')
      if (!/^(?:this\.)?_?(?:log|logger|LOG|LOGGER)$/.test(calledOn(call)?.text ?? '')) return false
      return argumentsOf(call).some((part) =>
        isInput(part, source, { safe: /^(?:replace|replaceAll|encode|forJava|toJson|writeValueAsString)$/ }),
      )
    },
  },
  {
    id: 'java-debug-output',
    title: 'Visitors see what only developers should, such as stack traces: log it, and show an error page',
    cwe: ['CWE-209', 'CWE-489'],
    severity: 'medium',
    needs: [['printStackTrace', 'EnableWebSecurity', 'getStackTrace']],
    query: `
      ${methodsNamed('printStackTrace', 'print', 'println', 'write')}
      ((annotation name: (identifier) @name arguments: (annotation_argument_list) @arguments) @finding (#eq? @name "EnableWebSecurity"))`,
    accept: ({ node, maybe, source }) => {
      const annotation = maybe('arguments')
      if (annotation !== null) return /debug\s*=\s*true/.test(annotation.text)
      const call = node('finding')
      const first = argumentAt(call, 0)
      if (first === null) return false
      if (calledName(call) === 'printStackTrace') return isResponseWriter(first, source)
      return /getStackTrace\(/.test(first.text) && isResponseWriter(calledOn(call), source)
    },
  },
]

/** What a controller returns is the page itself: HTML with input in it. */
function isPageReturned(returned: Node, source: SourceView): boolean {
  const method = declarationAround(returned, source)
  if (method?.type !== 'method_declaration' || !isHandler(method)) return false
  const annotations = annotationsOf(method)
  const isBody =
    annotations.has('ResponseBody') || annotationsOf(classAround(method) ?? method).has('RestController')
  if (!isBody && !/^ResponseEntity/.test(method.childForFieldName('type')?.text ?? '')) return false
  if (NO_HTML.test(method.text.slice(0, 30_000))) return false
  const { origin, text } = judge(returned, source, { safe: ENCODING })
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
