import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { calledName, calledOn, plainType, receiverText } from '../go-java/nodes.ts'
import { involves } from '../go-java/scope.ts'
import { annotationsOf, classAround, typeOf } from './nodes.ts'

/** Annotations of Spring, JAX-RS and Micronaut for parameters that a request fills. */
const PARAMETERS =
  /^(?:RequestParam|PathVariable|RequestBody|RequestHeader|CookieValue|MatrixVariable|ModelAttribute|RequestPart|QueryParam|PathParam|FormParam|HeaderParam|CookieParam|MatrixParam|BeanParam|FormDataParam|QueryValue|RestQuery|RestPath|RestForm|Header|Body)$/
/** Annotations of methods whose parameters a request fills. */
const HANDLERS =
  /^(?:(?:Request|Get|Post|Put|Patch|Delete)Mapping|Get|Post|Put|Patch|Delete|GET|POST|PUT|PATCH|DELETE|Path|QueryMapping|MutationMapping|MessageMapping)$/
/** Types of which nobody outside can choose a text. */
export const HARMLESS_TYPES =
  /^(?:int|long|short|byte|char|float|double|boolean|Integer|Long|Short|Byte|Character|Double|Float|Boolean|Number|BigDecimal|BigInteger|UUID|LocalDate|LocalDateTime|LocalTime|ZonedDateTime|OffsetDateTime|Instant|Duration|Period|Year|YearMonth|Date|Timestamp|Locale|Class|Pageable|Sort|Connection|DataSource|Statement|PreparedStatement|JdbcTemplate|NamedParameterJdbcTemplate|EntityManager|Session|HttpServletRequest|HttpServletResponse|ServletRequest|ServletResponse|HttpSession|ServletContext|Model|ModelMap|ModelAndView|BindingResult|RedirectAttributes|Principal|Authentication|UriComponentsBuilder|HttpServerExchange|HttpExchange|RoutingContext|Context|ServerHttpRequest|ServerRequest|ServerWebExchange|PrintWriter|OutputStream|Random|SecureRandom|Logger|Path|Throwable|Exception|\w+Exception)$/
const NUMBERS =
  /^(?:List|Set|Collection|Iterable|Optional|Stream|Map)<(?:Integer|Long|Short|UUID|BigDecimal|Double|Boolean)[,>]/

const REQUEST_METHODS =
  /^(?:getParameter|getParameterValues|getParameterMap|getParameterNames|getHeader|getHeaders|getQueryString|getRequestURI|getRequestURL|getPathInfo|getPathTranslated|getServletPath|getInputStream|getReader|getCookies|getPart|getParts|getQueryParams|getRequestBody|getBody|queryParam|queryParams|queryMap|pathParam|pathVariable|pathVariables|formParam|formParams|param|params|getParam|getFormAttribute|header|headers|cookie|body|bodyAsClass|bodyAsString|uri|getURI|getQueryParameters|getQuery|getPathParameters|getQueryStringParameters|getFormParams)$/
const REQUEST_TYPES =
  /^(?:HttpServletRequest|ServletRequest|HttpRequest|WebRequest|NativeWebRequest|ServerHttpRequest|ServerRequest|HttpServletRequestWrapper|MultipartHttpServletRequest|ContainerRequestContext|HttpExchange|HttpServerExchange|HttpServerRequest|RoutingContext|APIGatewayProxyRequestEvent|APIGatewayV2HTTPEvent|SlingHttpServletRequest)$/

/** What is in every source that handles requests. */
const HANDLING =
  /[rR]equest|\breq\b|Mapping\b|@(?:PathVariable|CookieValue|Matrix\w+|ModelAttribute|QueryParam|PathParam|FormParam|HeaderParam|CookieParam|BeanParam|FormDataParam|QueryValue|Rest(?:Query|Path|Form)|Header|Body|Get|Post|Put|Patch|Delete|GET|POST|PUT|PATCH|DELETE|Path)\b|HttpExchange|HttpServerExchange|RoutingContext|\bctx\b|\bcontext\b|HTTPEvent|getOriginalFilename|getSubmittedFileName/

/** Whether there is anything that `isRequestInput` can hold of. */
export function hasInput(source: SourceView): boolean {
  let known = handling.get(source)
  if (known === undefined) {
    known = HANDLING.test(source.root.text)
    handling.set(source, known)
  }
  return known
}

const handling = new WeakMap<SourceView, boolean>()

/** Whether an expression is a part of a request: what it is somebody outside has chosen. */
export function isRequestInput(node: Node, source: SourceView): boolean {
  if (node.type === 'formal_parameter') return isInputParameter(node)
  if (node.type !== 'method_invocation') return false
  const name = calledName(node)
  if (/^(?:getOriginalFilename|getSubmittedFileName)$/.test(name)) return true
  return REQUEST_METHODS.test(name) && isRequest(calledOn(node), source)
}

export function isHarmlessType(type: string): boolean {
  return !/^(?:byte|char)\[\]/.test(type) && (HARMLESS_TYPES.test(plainType(type)) || NUMBERS.test(type))
}

function isInputParameter(parameter: Node): boolean {
  const type = parameter.childForFieldName('type')?.text ?? ''
  if (isHarmlessType(type) || plainType(type) === 'MultipartFile') return false
  const annotations = annotationsOf(parameter)
  if ([...annotations.keys()].some((name) => PARAMETERS.test(name))) return true
  if (annotations.size > 0) return false
  const method = parameter.parent?.parent
  if (method?.type !== 'method_declaration') return false
  return [...annotationsOf(method).keys()].some((name) => HANDLERS.test(name)) && isController(method)
}

function isController(method: Node): boolean {
  const around = classAround(method)
  return around !== null && [...annotationsOf(around).keys()].some((name) => /Controller$|^Path$/.test(name))
}

/** `request`, `req`, `exchange.getRequest()`, `ctx.request()`. */
function isRequest(node: Node | null, source: SourceView): boolean {
  if (node === null) return false
  if (node.type === 'identifier') {
    const type = plainType(typeOf(node, source))
    if (type === '' || type === 'var')
      return /^(?:req|request|httpRequest|servletRequest|httpServletRequest)$/.test(node.text)
    // Javalin, Ratpack and Spark.
    return (
      REQUEST_TYPES.test(type) ||
      (/^(?:Context|Request)$/.test(type) && /^(?:ctx|context|req|request)$/.test(node.text))
    )
  }
  if (node.type === 'field_access')
    return /^(?:req|request)$/.test(node.childForFieldName('field')?.text ?? '')
  return (
    node.type === 'method_invocation' &&
    /^(?:getRequest|request|getRequestHeaders|headers|getHeaders|getQueryParams)$/.test(calledName(node))
  )
}

/** Whether something is written to whoever asked: `response.getWriter()`, or a name for it. */
export function isResponseWriter(node: Node | null, source: SourceView): boolean {
  if (node === null) return false
  return involves(
    node,
    source,
    (part) =>
      part.type === 'method_invocation' &&
      /^(?:getWriter|getOutputStream)$/.test(calledName(part)) &&
      /resp|res$|Response\(\)/i.test(receiverText(part)),
  )
}
