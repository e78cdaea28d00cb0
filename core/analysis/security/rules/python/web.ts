import type { Node } from 'web-tree-sitter'
import type { Rule, RuleMatch } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { assignmentRule, callRule } from './call.ts'
import { isDynamic, isInput, judge } from './flow.ts'
import { FIXED, INPUT, routeDecorators } from './input.ts'
import { lastName, literalText, qualifiedName } from './names.ts'
import { scopesOf } from './scope.ts'
import { beginningOf, resolve } from './values.ts'

/** What somebody else wrote, by its name. */
const FOREIGN_TEXT = /^\w*(?:user|input|body|message|msg|content|comment|bio)\w*$/i
const HTML_SAFE = {
  safe: new Set(['escape', 'bleach', 'format_html', 'render_template', 'render', 'jsonify', 'dumps']),
}
const RESPONSE = 'make_response Response HttpResponse HTMLResponse HTTPResponse html'
/** A host that is named, or a path of this one. */
const OWN_ADDRESS = /^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]+[/?#:]|\/|\?|#|mailto:)/i

/** What goes back to a browser (CWE-79, CWE-1336, CWE-601, CWE-113). */
export const WEB_RULES: readonly Rule[] = [
  callRule({
    id: 'py-template-from-values',
    title:
      'A template is made of values: whoever chooses them runs code, pass them to a fixed template instead',
    cwe: ['CWE-1336', 'CWE-94'],
    severity: 'critical',
    names: 'render_template_string from_string Template',
    needs: [['jinja2', 'flask', 'mako', 'django', 'from_string', 'render_template_string', 'Environment']],
    accept: ({ name, method, positional, keywords, source }) => {
      const template = positional[0] ?? keywords.get('source') ?? keywords.get('text')
      if (template === undefined || name === 'string.Template') return false
      const isKnown =
        method === 'render_template_string' ||
        (method === 'Template' ? /jinja2|mako|django/ : /env|jinja|engine/i).test(name)
      const { origin, text } = judge(template, source)
      if (!isKnown || origin === FIXED) return false
      return origin === INPUT || text !== '' || FOREIGN_TEXT.test(template.text.slice(0, 100))
    },
  }),
  callRule({
    id: 'py-html-marked-safe',
    title: 'Text that is not fixed is declared safe HTML: escape it, or use format_html',
    cwe: ['CWE-79'],
    severity: 'high',
    names: 'mark_safe Markup SafeString SafeText HTML',
    needs: [['mark_safe', 'Markup', 'SafeString', 'SafeText']],
    accept: ({ name, positional: [html], source }) =>
      html !== undefined &&
      /(?:^|\.)(?:mark_safe|Markup|SafeString|SafeText)$/.test(name) &&
      isDynamic(html, source, HTML_SAFE),
  }),
  callRule({
    id: 'py-html-from-request',
    title: 'What a request says is sent back as HTML: use a template that escapes, or escape()',
    cwe: ['CWE-79'],
    severity: 'high',
    names: RESPONSE,
    needs: [],
    accept: ({ name, positional, keywords, source }) => {
      const body =
        positional[0] ?? keywords.get('content') ?? keywords.get('response') ?? keywords.get('text')
      if (body === undefined || /rest_framework/.test(name) || !isHtml(name, positional, keywords))
        return false
      return isInput(body, source, HTML_SAFE) && !isStructure(resolve(body, source))
    },
  }),
  {
    id: 'py-html-returned',
    title: 'A view returns what a request says as HTML: use a template that escapes, or escape()',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: ['return', ['flask', 'Flask', 'bottle', 'quart', 'Quart', 'HTMLResponse']],
    query: '(return_statement) @finding',
    accept: returnsHtml,
  },
  callRule({
    id: 'py-open-redirect',
    title: 'A request decides where the browser is sent: allow only paths of this site or known hosts',
    cwe: ['CWE-601'],
    severity: 'medium',
    names:
      'redirect HttpResponseRedirect HttpResponsePermanentRedirect RedirectResponse HTTPFound HTTPSeeOther HTTPMovedPermanently seeother',
    needs: [],
    accept: ({ positional, keywords, source }) => {
      const target =
        positional[0] ?? keywords.get('url') ?? keywords.get('location') ?? keywords.get('redirect_to')
      return target !== undefined && isInput(target, source) && !isOwnAddress(target, source)
    },
  }),
  callRule({
    id: 'py-header-from-request',
    title: 'A request decides the value of a response header: line breaks in it add headers of their own',
    cwe: ['CWE-113'],
    severity: 'medium',
    names: 'send_header putheader start_response add_header',
    needs: [],
    accept: ({ method, positional, source }) => {
      const value = positional[1]
      return value !== undefined && method !== 'add_header' && isInput(value, source, LINE_SAFE)
    },
  }),
  assignmentRule({
    id: 'py-header-assigned',
    title:
      'A request decides the value of a response header: check it, line breaks in it add headers of their own',
    cwe: ['CWE-113'],
    severity: 'low',
    needs: ['headers'],
    accept: (target, value, source) =>
      target.type === 'subscript' &&
      /^(?:resp|response|res|r|result)\.headers\[/.test(target.text) &&
      !/headers/.test(value.text.slice(0, 200)) &&
      isInput(value, source, LINE_SAFE),
  }),
  callRule({
    id: 'py-autoescape-off',
    title: 'Templates are rendered without escaping: set autoescape to True or select_autoescape()',
    cwe: ['CWE-79', 'CWE-116'],
    severity: 'medium',
    names: 'Environment SandboxedEnvironment NativeEnvironment',
    needs: ['jinja2'],
    accept: ({ name, keywords, hasMore }) => {
      if (!/^jinja2\./.test(name) || name.includes('Native')) return false
      const autoescape = keywords.get('autoescape')
      return autoescape === undefined ? !hasMore : autoescape.type === 'false'
    },
  }),
]

const LINE_SAFE = { safe: new Set(['replace', 'urlencode']) }

function isHtml(name: string, positional: readonly Node[], keywords: ReadonlyMap<string, Node>): boolean {
  const given =
    keywords.get('content_type') ?? keywords.get('mimetype') ?? keywords.get('media_type') ?? positional[1]
  const type = given === undefined ? null : literalText(given)
  if (type !== null) return /html|svg|xml/.test(type)
  // Starlette and FastAPI send no type of their own accord.
  const isPlain = /(?:fastapi|starlette).*\.Response$|^Response$/.test(name) && !name.startsWith('flask')
  return !isPlain && given?.type !== 'identifier'
}

/** Frameworks make JSON of these. */
function isStructure(node: Node): boolean {
  return node.type === 'dictionary' || node.type === 'list'
}

function returnsHtml({ node, source }: RuleMatch): boolean {
  const returned = node('finding').namedChildren[0]
  if (returned === undefined) return false
  const scopes = scopesOf(source)
  const scope = scopes.at(returned.startIndex)
  const definition = scopes.node(scope)
  const routes = definition.type === 'function_definition' ? routeDecorators(definition) : []
  if (routes.length === 0) return false
  const isJson = source.imports((module) => /^(?:fastapi|starlette|sanic|aiohttp)\b/.test(module))
  if (isJson && !routes.some(({ text }) => text.includes('HTMLResponse'))) return false
  const body = returned.type === 'expression_list' ? returned.namedChildren[0]! : returned
  return isText(resolve(body, source), source) && isInput(body, source, HTML_SAFE)
}

function isText(node: Node, source: SourceView): boolean {
  if (node.type === 'string' || node.type === 'concatenated_string' || node.type === 'binary_operator')
    return true
  if (node.type === 'subscript') return true
  if (node.type !== 'call') return node.type === 'attribute'
  const called = node.childForFieldName('function')
  const name = lastName(called)
  if (name === 'format' || name === 'join' || name === 'strip' || name === 'upper' || name === 'lower')
    return true
  return name === 'get' && /request/.test(qualifiedName(called!, source))
}

function isOwnAddress(target: Node, source: SourceView): boolean {
  const beginning = beginningOf(target, source)
  return beginning === null || OWN_ADDRESS.test(beginning)
}
