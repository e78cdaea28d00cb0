import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import type { FlowOptions } from '../go-java/flow.ts'
import {
  argumentAt,
  argumentsOf,
  calledName,
  calledOn,
  plainType,
  receiverText,
  stringOf,
  tailOf,
} from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { beginsFixed, constantBeginning } from './addresses.ts'
import { isInput } from './flow.ts'
import { created, createdType, endOfChain, methodsNamed, typeOf } from './nodes.ts'

const REST = [
  'getForObject',
  'getForEntity',
  'postForObject',
  'postForEntity',
  'postForLocation',
  'exchange',
  'put',
  'delete',
  'patchForObject',
  'headForHeaders',
]
/** A whole host, or a path. */
const FIXED_HOST = /^[a-z][a-z\d+]*:\/\/[^\s/%@]+(?:[/?#]|$)/i
const FIXED_TARGET =
  /^(?:redirect:)?(?:[a-z][a-z\d+]*:\/\/[^\s/%@]+[/?#]|\/(?![/\\])[^%]|[?#]|(?!https?:)[\w-]+[/?])/i
const ADDRESS: FlowOptions = { unchecked: /^(?:endsWith|isValidUrl|isValid)$/ }
const TARGET: FlowOptions = {
  // Where the request came to is no choice of somebody else's; nor is a caller's own page.
  isHarmless: ({ type, text }) =>
    type === 'method_invocation' &&
    /\.(?:getRequestURI|getRequestURL|getServletPath|getContextPath)\(\)$|getHeader\("[rR]eferer"\)$/.test(
      text.slice(0, 120),
    ),
}

/** Requests that the input leads somewhere else (CWE-918, CWE-601). */
export const REQUEST_RULES: readonly Rule[] = [
  rule({
    id: 'java-request-to-input-address',
    title: 'The server requests an address that comes from the request: allow only hosts of a list',
    cwe: ['CWE-918'],
    severity: 'high',
    needs: [
      [
        'URL',
        'RestTemplate',
        'restTemplate',
        'RestClient',
        'WebClient',
        'webClient',
        'HttpClient',
        'HttpRequest',
        'HttpGet',
        'HttpPost',
        'OkHttp',
        'Request.Builder',
        'Jsoup',
        'Socket',
        'Unirest',
        'Feign',
        'openStream',
        'openConnection',
        '.uri(',
        '.url(',
      ],
    ],
    on: [
      methodsNamed(
        'openStream',
        'openConnection',
        'getContent',
        'connect',
        'uri',
        'url',
        'newBuilder',
        'get',
        'post',
        'read',
        'copyURLToFile',
        ...REST,
      ),
      created('HttpGet', 'HttpPost', 'HttpPut', 'HttpDelete', 'HttpHead', 'Socket', 'InetSocketAddress'),
    ],
    accept: ({ finding, source }) => {
      const address = addressOf(finding, source)
      return (
        address !== null && isInput(address, source, ADDRESS) && !beginsFixed(address, source, FIXED_HOST)
      )
    },
  }),
  rule({
    id: 'java-redirect-to-input',
    title: 'A redirect leads where the request says: allow only paths of this site, or hosts of a list',
    cwe: ['CWE-601'],
    severity: 'medium',
    needs: [
      ['sendRedirect', 'redirect:', 'RedirectView', 'Location', 'location(', 'seeOther', 'temporaryRedirect'],
    ],
    on: [
      methodsNamed(
        'sendRedirect',
        'setHeader',
        'addHeader',
        'header',
        'setLocation',
        'location',
        'seeOther',
        'temporaryRedirect',
        'setUrl',
        'setViewName',
        'redirect',
      ),
      created('RedirectView', 'ModelAndView'),
      nodes('return_statement'),
    ],
    accept: ({ finding, source }) => {
      const isReturned = finding.type === 'return_statement'
      const target = isReturned ? finding.firstNamedChild : targetOf(finding)
      if (target === null) return false
      if (isReturned || /ModelAndView|setViewName/.test(madeBy(finding))) {
        if (!constantBeginning(target, source).startsWith('redirect:')) return false
      }
      return isInput(target, source, TARGET) && !beginsFixed(target, source, FIXED_TARGET)
    },
  }),
]

function madeBy(found: Node): string {
  return found.type === 'object_creation_expression' ? createdType(found) : calledName(found)
}

function addressOf(found: Node, source: SourceView): Node | null {
  const name = madeBy(found)
  const first = argumentAt(found, 0)
  if (found.type === 'object_creation_expression') return first
  const on = calledOn(found)
  if (on === null) return null
  const client = `${on.text.slice(0, 120)} ${plainType(typeOf(on, source))}`
  switch (name) {
    case 'openStream':
    case 'openConnection':
    case 'getContent':
      return /URL|url|^\w+$/.test(tailOf(on)) ? on : null
    case 'read':
      return tailOf(on).endsWith('ImageIO') ? first : null
    case 'copyURLToFile':
      return first
    case 'connect':
      return /^Jsoup\b/.test(tailOf(on)) ? first : null
    case 'uri':
      return /[cC]lient|HttpRequest|newBuilder\(|request\w*\b/.test(client) ? first : null
    case 'url':
      return /Request\.Builder|\bBuilder\b|builder/.test(client) ? first : null
    case 'newBuilder':
      return tailOf(on) === 'HttpRequest' ? first : null
    case 'get':
    case 'post':
      return /^(?:Unirest|Request|HttpRequest|HttpUtil)$/.test(tailOf(on)) ? first : null
    default:
      return /[rR]estTemplate|[rR]estOperations|restClient/.test(client) ? first : null
  }
}

function targetOf(found: Node): Node | null {
  const name = madeBy(found)
  const given = argumentsOf(found)
  if (/^(?:setHeader|addHeader|header)$/.test(name))
    return /^location$/i.test(stringOf(given[0] ?? null) ?? '') ? (given[1] ?? null) : null
  if (name === 'redirect')
    return /^(?:ctx|context|response|res|resp)$/.test(receiverText(found)) ? (given[0] ?? null) : null
  if (name === 'setUrl') return /redirect/i.test(receiverText(found)) ? (given[0] ?? null) : null
  // A location of something that was made (201) leads nobody astray.
  if (
    name === 'location' &&
    !/FOUND|MOVED|SEE_OTHER|30\d|TEMPORARY/.test(endOfChain(found).text.slice(0, 400))
  )
    return null
  return given[0] ?? null
}
