import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { calledName, calledOn, tailOf } from '../go-java/nodes.ts'
import { isPackage, packageOf, typeOf } from './nodes.ts'

/** Methods of the contexts of gin, echo, fiber, iris, beego and hertz that return what a request brings. */
const CONTEXT_METHODS =
  /^(?:Param|Params|ParamValues|Query|DefaultQuery|GetQuery|QueryArray|GetQueryArray|QueryMap|QueryParam|QueryParams|QueryString|Queries|PostForm|DefaultPostForm|GetPostForm|PostFormArray|PostFormMap|PostValue|FormValue|FormParams|FormFile|MultipartForm|GetHeader|GetRawData|Body|BodyRaw|BodyParser|QueryParser|Cookie|Cookies|AllParams|URLParam|GetString|Bind\w*|ShouldBind\w*|Get|Path|OriginalURL|Hostname|Referer|UserAgent|ReadJSON|ReadForm)$/
const CONTEXT_TYPES = /^(?:(?:gin|echo|fiber|iris|app)\.(?:Context|Ctx|RequestContext)|beego\.Controller)$/
/** Methods and fields of `*http.Request` of which somebody outside chooses what they are. */
const REQUEST_PARTS =
  /^(?:URL|Form|PostForm|MultipartForm|Header|Body|RequestURI|Host|Trailer|FormValue|PostFormValue|PathValue|Cookie|Cookies|FormFile|MultipartReader|UserAgent|Referer|BasicAuth|URI)$/
const LAMBDA_PARTS =
  /^(?:QueryStringParameters|MultiValueQueryStringParameters|PathParameters|Headers|Body|RawPath|RawQueryString)$/

/** What is in every source that handles requests. */
const HANDLING =
  /http\.Request\b|(?:gin|echo|fiber|iris|app)\.(?:Context|Ctx|RequestContext)|beego\.|PathValue\(|PostFormValue\(|\.ByName\(|URLParam|\.Vars\(|ParamsFromContext|events\./

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
  if (node.type === 'call_expression') return isInputCall(node, source)
  if (node.type !== 'selector_expression') return false
  const field = node.childForFieldName('field')?.text ?? ''
  const operand = node.childForFieldName('operand')
  if (operand === null) return false
  if (REQUEST_PARTS.test(field)) return isRequest(operand, source)
  return LAMBDA_PARTS.test(field) && operand.type === 'identifier' && /Request$/.test(typeOf(operand, source))
}

function isInputCall(call: Node, source: SourceView): boolean {
  const name = calledName(call)
  const object = calledOn(call)
  if (object === null) return false
  if (/^(?:PostFormValue|PathValue)$/.test(name)) return true
  if (REQUEST_PARTS.test(name) && isRequest(object, source)) return true
  if (CONTEXT_METHODS.test(name) && isContext(object, source)) return true
  if (name === 'ByName' && /^(?:ps|params|p)$/.test(tailOf(object))) return true
  if (name !== 'URLParam' && name !== 'Vars' && name !== 'URLParamFromCtx' && name !== 'ParamsFromContext')
    return false
  const path = packageOf(object, source)
  return path !== null && (isPackage(path, 'chi') || isPackage(path, 'mux') || isPackage(path, 'httprouter'))
}

/** `r` of a handler, `c.Request` of gin, `c.Request()` of echo. */
function isRequest(node: Node, source: SourceView): boolean {
  if (node.type === 'identifier') return typeOf(node, source) === 'http.Request'
  if (node.type === 'selector_expression') {
    return (
      node.childForFieldName('field')?.text === 'Request' &&
      isContext(node.childForFieldName('operand')!, source)
    )
  }
  return (
    node.type === 'call_expression' && calledName(node) === 'Request' && isContext(calledOn(node), source)
  )
}

/** The context of a web framework: of one request. */
export function isContext(node: Node | null, source: SourceView): boolean {
  return node?.type === 'identifier' && CONTEXT_TYPES.test(typeOf(node, source))
}

/** `w` of a handler: what is written there goes to whoever asked. */
export function isResponseWriter(node: Node, source: SourceView): boolean {
  if (node.type === 'identifier') return typeOf(node, source) === 'http.ResponseWriter'
  return /^(?:Writer|Response)$/.test(node.childForFieldName('field')?.text ?? calledName(node))
}
