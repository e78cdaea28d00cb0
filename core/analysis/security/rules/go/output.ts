import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { FIXED, INPUT } from '../go-java/flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn, stringOf } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { functionText } from '../go-java/scope.ts'
import { isInput, judge } from './flow.ts'
import { isContext, isResponseWriter } from './input.ts'
import { callsNamed, importsPackage, isCallOf, packageOf } from './nodes.ts'

const LOGGING = ['Print', 'Printf', 'Println', 'Fatal', 'Fatalf', 'Fatalln', 'Panic', 'Panicf', 'Panicln']
const TRUSTING = { areCallsTrusted: true }

const LOGGED = { isQuotedSafe: true, safe: /^(?:Replace|ReplaceAll|Map|Fields)$/ }

const NOT_BODY = { isHarmless: ({ text }: Node) => /^\w+(?:\.Request)?\.Body$/.test(text.slice(0, 40)) }

/** What is sent is declared to be no HTML. */
const NO_HTML =
  /Content-Type"?,\s*"(?!text\/html)|(?:application\/json|text\/plain|application\/octet-stream|text\/event-stream)|NewEncoder\(w\)/

/** Input that is shown, taken as a template or logged (CWE-79, CWE-1336, CWE-117). */
export const OUTPUT_RULES: readonly Rule[] = [
  rule({
    id: 'go-html-from-input',
    title: 'Input is written into a page as it came: use html/template, or html.EscapeString',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: [['net/http', 'gin', 'echo', 'fiber', 'ResponseWriter', 'Writer']],
    on: [callsNamed('Fprint', 'Fprintf', 'Fprintln', 'Write', 'WriteString', 'HTML', 'HTMLBlob', 'Data')],
    accept: ({ finding: call, source }) => {
      const shown = shownBy(call, source)
      if (shown.length === 0) return false
      return !NO_HTML.test(functionText(call, source)) && isPageFromInput(call, shown, source)
    },
  }),
  rule({
    id: 'go-template-unescaped',
    title: 'A value is declared to be safe HTML: leave the escaping to html/template',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: ['html/template', ['.HTML(', '.JS(', '.URL(', '.HTMLAttr(', '.CSS(', '.JSStr(', '.Srcset(']],
    on: [callsNamed('HTML', 'JS', 'JSStr', 'CSS', 'URL', 'HTMLAttr', 'Srcset')],
    accept: ({ finding: call, source }) => {
      const value = argumentAt(call, 0)
      if (value === null || !isCallOf(call, source, 'html/template')) return false
      return (
        isFieldOfData(value, source) ||
        isInput(value, source) ||
        judge(value, source, TRUSTING).origin !== FIXED
      )
    },
  }),
  rule({
    id: 'go-text-template-for-page',
    title: 'A page is made with text/template, which escapes nothing: use html/template',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: ['text/template', ['Execute(', 'ExecuteTemplate('], ['http.ResponseWriter', 'gin.', 'echo.']],
    on: [callsNamed('Execute', 'ExecuteTemplate')],
    accept: ({ finding, source }) => {
      const writer = argumentAt(finding, 0)
      if (writer === null || !isResponseWriter(writer, source) || !importsPackage(source, /^text\/template$/))
        return false
      return !importsPackage(source, /^html\/template$/) && !NO_HTML.test(functionText(writer, source))
    },
  }),
  rule({
    id: 'go-template-from-input',
    title: 'A template comes with the request: keep templates in files, and pass the input as data',
    cwe: ['CWE-1336', 'CWE-94'],
    severity: 'high',
    needs: [
      ['text/template', 'html/template', 'pongo2', 'raymond', 'mustache'],
      ['Parse(', 'FromString(', 'Render('],
    ],
    on: [callsNamed('Parse', 'FromString', 'Render')],
    accept: ({ finding: call, source }) => {
      const text = argumentAt(call, 0)
      if (text === null || !isTemplate(call, source)) return false
      const { origin } = judge(text, source)
      return origin === INPUT
    },
  }),
  rule({
    id: 'go-log-entry-from-input',
    title: 'Input is logged as it came, and may hold line ends that forge entries: use %q',
    cwe: ['CWE-117'],
    severity: 'low',
    needs: [['log.'], ['net/http', 'gin', 'echo', 'fiber', 'Request', 'Context', 'Ctx']],
    on: [callsNamed(...LOGGING)],
    accept: ({ finding: call, source }) => {
      if (!isCallOf(call, source, 'log')) return false
      const [format, ...values] = argumentsOf(call)
      if (format === undefined) return false
      if (!calledName(call).endsWith('f'))
        return [format, ...values].some((part) => isInput(part, source, LOGGED))
      return textOfVerbs(format, values).some((part) => isInput(part, source, LOGGED))
    },
  }),
]

/** `p.Body`: data, whoever the method belongs to; not `p.bodyHTML`, which says that it is HTML. */
function isFieldOfData(value: Node, source: SourceView): boolean {
  if (value.type !== 'selector_expression') return false
  const operand = value.childForFieldName('operand')
  const field = value.childForFieldName('field')?.text ?? ''
  return (
    operand !== null && packageOf(operand, source) === null && !/html|safe|render|markup|svg|css/i.test(field)
  )
}

/** What a call sends to whoever asked. */
function shownBy(call: Node, source: SourceView): Node[] {
  const name = calledName(call)
  const given = argumentsOf(call)
  const object = calledOn(call)
  const writer = given[0]
  if (name.startsWith('Fprint') || (name === 'WriteString' && isCallOf(call, source, 'io'))) {
    return writer !== undefined && isResponseWriter(writer, source) ? given.slice(1) : []
  }
  if (object === null) return []
  if (name === 'Write' || name === 'WriteString') return isResponseWriter(object, source) ? given : []
  if (!isContext(object, source)) return []
  if (name === 'Data')
    return stringOf(given[1] ?? null)?.startsWith('text/html') === true ? given.slice(2) : []
  // gin's HTML renders a template: code, name, data.
  return given.length === 2 ? given.slice(1) : []
}

function isPageFromInput(call: Node, shown: readonly Node[], source: SourceView): boolean {
  const [format, ...values] = shown
  const parts =
    calledName(call) === 'Fprintf' && format !== undefined ? [format, ...textOfVerbs(format, values)] : shown
  const judged = parts.map((part) => judge(part, source))
  if (judged.every(({ origin }) => origin !== INPUT)) return false
  if (judged.some(({ text }) => text.includes('<'))) return true
  // A body that is sent back is no page that others can be led to.
  return parts.some((part) => isInput(part, source, NOT_BODY))
}

/** The values that a format prints as texts. */
function textOfVerbs(format: Node, values: readonly Node[]): Node[] {
  const text = stringOf(format)
  if (text === null) return [format, ...values]
  const verbs = [...text.matchAll(/%[-+# 0]{0,6}\d{0,6}(?:\.\d{1,6})?([a-zA-Z%])/g)]
    .map((match) => match[1])
    .filter((verb) => verb !== '%')
  return values.filter((_, index) => /^[sv]$/.test(verbs[index] ?? ''))
}

function isTemplate(call: Node, source: SourceView): boolean {
  const object = calledOn(call)
  if (object === null) return false
  if (isCallOf(call, source, 'pongo2', 'raymond', 'mustache')) return true
  return (
    /^template\.|tmpl|templ|\btpl\b|^t$/i.test(object.text.slice(0, 60)) &&
    importsPackage(source, /\/template$/)
  )
}
