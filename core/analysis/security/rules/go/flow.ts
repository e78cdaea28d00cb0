import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { FIXED, Flow, type FlowOptions, INPUT, type Origin, UNKNOWN } from '../go-java/flow.ts'
import { argumentsOf, calledName, calledOn, stringOf } from '../go-java/nodes.ts'
import { visibleValues } from '../go-java/scope.ts'
import { hasInput, isRequestInput } from './input.ts'
import { isReceiver, packageOf } from './nodes.ts'

/** Where an expression comes from, and the literals that it is built of. */
export function judge(
  node: Node,
  source: SourceView,
  options?: FlowOptions,
): { origin: Origin; text: string } {
  const flow = new GoFlow(source, node, options)
  const origin = flow.origin(node)
  return { origin, text: flow.text }
}

/** Whether somebody outside chooses a part of an expression. */
export function isInput(node: Node | null, source: SourceView, options?: FlowOptions): boolean {
  if (node === null || !hasInput(source)) return false
  return new GoFlow(source, node, options, true).origin(node) === INPUT
}

/** Whether a part of an expression is not known to be the same, or one of a few, at every run. */
export function isDynamic(node: Node | null, source: SourceView, options?: FlowOptions): boolean {
  return node !== null && judge(node, source, options).origin !== FIXED
}

const set = (words: string) => new Set(words.split(' '))
const FIXED_TYPES = set(
  'int_literal float_literal imaginary_literal rune_literal true false nil iota func_literal comment ' +
    'slice_type map_type array_type type_identifier qualified_type pointer_type',
)
const NUMERIC_TYPE =
  /^\*?(?:u?int(?:8|16|32|64|ptr)?|float(?:32|64)|bool|byte|rune|error|(?:\[\])+u?int(?:8|16|32|64)?|context\.Context|time\.\w+|http\.(?:ResponseWriter|Request)|(?:gin|echo|fiber|iris)\.\w+|u?uid\.UUID|uuid\.UUID|netip\.\w+|(?:sql|sqlx|pgx|gorm|pgxpool|mongo)\.\w+)$/
const NUMERIC_FUNCTIONS =
  /^(?:len|cap|make|new|min|max|u?int(?:8|16|32|64)?|float(?:32|64)|bool|byte|Atoi|ParseInt|ParseUint|ParseFloat|ParseBool|Itoa|FormatInt|FormatUint|FormatBool|FormatFloat|AppendInt|MustParse|ParseIP|ParseCIDR|ParseAddr|ParseDuration|Now|Since|Unix|UnixNano|Format|NewString|New|Sum|Sum256|HasPrefix|HasSuffix|Contains|EqualFold|Index|Marshal|MarshalIndent|Getenv|LookupEnv|EncodeToString|Hostname|TempDir|MkdirTemp|CreateTemp|Background|TODO|Context|WithTimeout|WithCancel|Getwd|Executable|QuoteIdentifier|QuoteLiteral|ToSql|Table|Len|Size|FormatMediaType|MatchString|ReplaceAllString|ReplaceAllStringFunc|RemoteAddr)$/
/** Functions of packages whose result is made of what they are given. */
const PASSING =
  /^(?:Sprint|Sprintln|Join|JoinPath|Clean|Abs|FromSlash|ToSlash|TrimSpace|Trim|TrimLeft|TrimRight|TrimPrefix|TrimSuffix|ToLower|ToUpper|Title|Replace|ReplaceAll|Split|SplitN|Fields|Cut|CutPrefix|Concat|Clone|Map|ReadAll|NewReader|NewBuffer|NewBufferString|NewScanner|NewDecoder|NewReplacer|Unquote|QueryUnescape|PathUnescape|ParseQuery|Parse|ParseRequestURI|DecodeString|EvalSymlinks|Copy|Collect|Values|Keys|Reverse|Sort|Compact|URLParam|append|string|HTML|JS|URL|Decode|Unmarshal|TeeReader|LimitReader|MaxBytesReader|Quote|In|Rebind|Dir|Errorf|Error)$/

/** How values go through Go. */
class GoFlow extends Flow {
  protected judge(node: Node, depth: number): Origin {
    if (FIXED_TYPES.has(node.type)) return FIXED
    switch (node.type) {
      case 'selector_expression':
        return this.#selector(node, depth)
      case 'call_expression':
        return this.#call(node, depth)
      case 'binary_expression':
        return node.childForFieldName('operator')?.text === '+'
          ? this.worst(node.namedChildren, depth)
          : FIXED
      case 'index_expression':
      case 'slice_expression':
      case 'type_assertion_expression':
      case 'type_conversion_expression':
        return this.worst([node.childForFieldName('operand')!], depth)
      case 'unary_expression':
        return node.childForFieldName('operator')?.text === '!'
          ? FIXED
          : this.worst(node.namedChildren, depth)
      case 'composite_literal':
        return this.worst([node.childForFieldName('body')!], depth)
      case 'keyed_element':
        return this.worst(node.namedChildren.slice(1), depth)
      case 'var_spec':
        return FIXED
      default:
        return this.worst(node.namedChildren, depth)
    }
  }

  /** Of another file of the package, or a package: what is not local is not chosen by a caller. */
  protected unbound(): Origin {
    return FIXED
  }

  protected declared(parameter: Node): Origin {
    if (isReceiver(parameter)) return FIXED
    return NUMERIC_TYPE.test(parameter.childForFieldName('type')?.text ?? '') ? FIXED : UNKNOWN
  }

  protected callableAs(parameter: Node): { name: string; index: number; isPrivate: boolean } | null {
    const list = parameter.parent
    const name =
      list?.parent?.type === 'function_declaration' ? list.parent.childForFieldName('name')?.text : undefined
    if (name === undefined) return null
    let index = 0
    for (const before of list!.namedChildren) {
      if (before.id === parameter.id) break
      index += before.childrenForFieldName('name').length
    }
    // Of `a, b string` it is the first: that one declaration has both names is rarely where they differ.
    return { name, index, isPrivate: /^[a-z]/.test(name) }
  }

  #selector(node: Node, depth: number): Origin {
    if (isRequestInput(node, this.source)) return INPUT
    const operand = node.childForFieldName('operand')!
    if (packageOf(operand, this.source) === 'os' && node.childForFieldName('field')?.text === 'Args')
      return UNKNOWN
    if (operand.type === 'identifier' && visibleValues(operand, this.source).some(isReceiver)) return FIXED
    return this.worst([operand], depth)
  }

  #call(node: Node, depth: number): Origin {
    if (isRequestInput(node, this.source)) return INPUT
    const name = calledName(node)
    if (this.isSafe(name)) return FIXED
    const given = argumentsOf(node)
    const object = calledOn(node)
    if (name === 'Sprintf' || name === 'Fprintf' || name === 'Appendf') {
      const [format, ...values] = name === 'Sprintf' ? given : given.slice(1)
      return this.formatted(format, values, depth)
    }
    if (name === 'Clean' && isRooted(given[0])) return FIXED
    if (/^(?:ReadString|ReadLine|ReadBytes|Text|Scan\w*|ReadMessage)$/.test(name)) return UNKNOWN
    if (name === 'Repeat') return this.worst(given.slice(0, 1), depth)
    if (object === null || packageOf(object, this.source) !== null) {
      if (NUMERIC_FUNCTIONS.test(name)) return FIXED
      return PASSING.test(name) ? this.worst(given, depth) : this.passed(given, depth)
    }
    return this.#method(name, object, given, depth)
  }

  #method(name: string, object: Node, given: readonly Node[], depth: number): Origin {
    if (/^(?:WriteString|Write|WriteByte|WriteRune|Set|Add|Decode|Unmarshal)$/.test(name)) {
      return this.worst([object, ...given.filter(({ type }) => type !== 'unary_expression')], depth)
    }
    if (/^(?:Len|Size|Unix|Int64|Int|MatchString|Sum|Method|Context|RemoteAddr|ToSql|Encode)$/.test(name)) {
      return FIXED
    }
    const receiver = this.worst([object], depth)
    if (receiver !== FIXED) return receiver
    if (/^(?:Replace|JoinPath|Parse|ResolveReference|Join)$/.test(name)) return this.worst(given, depth)
    return this.passed(given, depth)
  }
}

/** `"/" + name`: what is cleaned with a root before it stays below it. */
function isRooted(path: Node | undefined): boolean {
  if (path?.type !== 'binary_expression') return false
  let first: Node | null = path
  while (first?.type === 'binary_expression') first = first.childForFieldName('left')
  return stringOf(first) === '/'
}
