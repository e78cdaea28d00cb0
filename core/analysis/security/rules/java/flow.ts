import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { FIXED, Flow, type FlowOptions, INPUT, type Origin, UNKNOWN } from '../go-java/flow.ts'
import { argumentsOf, calledName, calledOn, stringOf, tailOf } from '../go-java/nodes.ts'
import { hasInput, isHarmlessType, isRequestInput } from './input.ts'
import { createdType } from './nodes.ts'

/** Where an expression comes from, and the literals that it is built of. */
export function judge(
  node: Node,
  source: SourceView,
  options?: FlowOptions,
): { origin: Origin; text: string } {
  const flow = new JavaFlow(source, node, options)
  const origin = flow.origin(node)
  return { origin, text: flow.text }
}

/** Whether somebody outside chooses a part of an expression. */
export function isInput(node: Node | null, source: SourceView, options?: FlowOptions): boolean {
  if (node === null || !hasInput(source)) return false
  return new JavaFlow(source, node, options, true).origin(node) === INPUT
}

/** Whether a part of an expression is not known to be the same, or one of a few, at every run. */
export function isDynamic(node: Node | null, source: SourceView, options?: FlowOptions): boolean {
  return node !== null && judge(node, source, options).origin !== FIXED
}

const set = (words: string) => new Set(words.split(' '))
const FIXED_TYPES = set(
  'decimal_integer_literal hex_integer_literal octal_integer_literal binary_integer_literal decimal_floating_point_literal ' +
    'hex_floating_point_literal true false null_literal character_literal class_literal lambda_expression method_reference ' +
    'this super line_comment block_comment instanceof_expression variable_declarator catch_formal_parameter unary_expression ' +
    'update_expression switch_label',
)
/** What these return is a number, a truth value, a time, or made here. */
const HARMLESS_CALLS =
  /^(?:length|size|indexOf|lastIndexOf|hashCode|equals|equalsIgnoreCase|isEmpty|isBlank|contains|containsKey|startsWith|endsWith|matches|compareTo|parse(?:Int|Long|Double|Float|Short|Boolean|UnsignedInt)|(?:int|long|double|float)Value|ordinal|count|next(?:Int|Long|Double)|currentTimeMillis|nanoTime|getTime|randomUUID|fromString|now|getClass|getSimpleName|getenv|nCopies|availableProcessors|getMethod|getRemoteAddr|getContextPath|getRealPath|isPresent|exists|isFile|isDirectory|getContentType|getSize|toEpochMilli|getAuthType|encodeToString|encodeHexString|digest|createTempFile|createTempDirectory|writeValueAsString|toJson|getAttribute|toMillis|parseUnsignedInt)$/
/** Methods and functions whose result is made of what they are given. */
const PASSING =
  /^(?:append|insert|concat|join|format|replace|replaceFirst|resolve|resolveSibling|requireNonNull|requireNonNullElse|ofNullable|of|asList|singletonList|orElse|decode|decodeBase64|create|fromUriString|fromHttpUrl|copyOf|copyOfRange|toString|valueOf|trim|trimToEmpty|trimToNull|defaultString|defaultIfBlank|defaultIfEmpty|firstNonNull|readAllBytes|readString|toByteArray|copyToString|toCharArray|stream|entry|singleton|newArrayList|arraycopy|wrap|unescapeHtml4|unescapeHtml|unquote|path|pathSegment|normalize|getPath|lines|substringAfter|substringBefore|substringAfterLast|capitalize|toLowerCase|toUpperCase|lowerCase|upperCase|strip|formatted|addAll|uri|url|file)$/
const PASSING_TYPES =
  /^(?:String|StringBuilder|StringBuffer|StringJoiner|File|URL|URI|Scanner|BufferedReader|InputStreamReader|LineNumberReader|StringReader|ByteArrayInputStream|BufferedInputStream|DataInputStream|GZIPInputStream|ObjectInputStream|ArrayList|LinkedList|HashSet|LinkedHashSet|TreeSet|HashMap|InputSource|StreamSource|SAXSource|InetSocketAddress|URIBuilder|HttpGet|HttpPost|HttpPut|HttpDelete|HttpHost|FileInputStream|FileReader|FileSystemResource|UrlResource|ClassPathResource)$/

/** How values go through Java. */
class JavaFlow extends Flow {
  protected judge(node: Node, depth: number): Origin {
    if (FIXED_TYPES.has(node.type)) return FIXED
    switch (node.type) {
      case 'method_invocation':
        return this.#call(node, depth)
      case 'object_creation_expression':
        return this.#creation(node, depth)
      case 'binary_expression':
        return node.childForFieldName('operator')?.text === '+'
          ? this.worst(node.namedChildren, depth)
          : FIXED
      case 'ternary_expression':
        return this.worst(
          [node.childForFieldName('consequence')!, node.childForFieldName('alternative')!],
          depth,
        )
      case 'cast_expression':
        if (isHarmlessType(node.childForFieldName('type')?.text ?? '')) return FIXED
        return this.worst([node.childForFieldName('value')!], depth)
      case 'array_access':
        return this.worst([node.childForFieldName('array')!], depth)
      case 'assignment_expression':
        return this.worst([node.childForFieldName('right')!], depth)
      case 'array_creation_expression': {
        const values = node.childForFieldName('value')
        return values === null ? FIXED : this.worst([values], depth)
      }
      case 'field_access':
        return this.#field(node, depth)
      case 'switch_expression':
        return this.worst([node.childForFieldName('body')!], depth)
      case 'inferred_parameters':
        return UNKNOWN
      default:
        return this.worst(node.namedChildren, depth)
    }
  }

  /** A field of a parent, a class, a constant: what is not local is not chosen by a caller. */
  protected unbound(name: Node): Origin {
    return name.parent?.type === 'lambda_expression' ? UNKNOWN : FIXED
  }

  protected declared(parameter: Node): Origin {
    if (isRequestInput(parameter, this.source)) return INPUT
    const type = parameter.childForFieldName('type')?.text ?? ''
    // What an enum of this source says is one of a few.
    return isHarmlessType(type) || (/^\w+$/.test(type) && this.source.root.text.includes(`enum ${type} `))
      ? FIXED
      : UNKNOWN
  }

  protected callableAs(parameter: Node): { name: string; index: number; isPrivate: boolean } | null {
    const list = parameter.parent
    const method = list?.parent
    if (method?.type !== 'method_declaration') return null
    const modifiers = method.namedChildren.find(({ type }) => type === 'modifiers')?.text ?? ''
    return {
      name: method.childForFieldName('name')!.text,
      index: list!.namedChildren
        .filter(({ type }) => type === 'formal_parameter')
        .findIndex(({ id }) => id === parameter.id),
      isPrivate: /\bprivate\b/.test(modifiers),
    }
  }

  #field(node: Node, depth: number): Origin {
    const object = node.childForFieldName('object')!
    const field = node.childForFieldName('field')!
    if (object.type === 'this') return this.origin(field, depth - 1)
    if (field.text === 'length' || /^[A-Z]/.test(tailOf(object))) return FIXED
    return this.worst([object], depth)
  }

  #creation(node: Node, depth: number): Origin {
    const given = argumentsOf(node)
    if (this.isSafe(createdType(node))) return FIXED
    return PASSING_TYPES.test(createdType(node)) ? this.worst(given, depth) : this.passed(given, depth)
  }

  #call(node: Node, depth: number): Origin {
    const name = calledName(node)
    if (this.isSafe(name)) return FIXED
    if (isRequestInput(node, this.source)) return INPUT
    const given = argumentsOf(node)
    const object = calledOn(node)
    if (HARMLESS_CALLS.test(name)) return FIXED
    if (name === 'format' || name === 'formatted') return this.#formatted(name, object, given, depth)
    if (name === 'valueOf' && object !== null && tailOf(object) !== 'String') return FIXED
    if (name === 'toString' && /^(?:Integer|Long|Boolean|Double)$/.test(object?.text ?? '')) return FIXED
    if (name === 'replaceAll')
      return removesMuch(stringOf(given[0] ?? null)?.slice(0, 200) ?? null)
        ? FIXED
        : this.#through(object, given, depth)
    if (/^(?:nextLine|readLine|readPassword|next)$/.test(name)) {
      return Math.max(UNKNOWN, object === null ? FIXED : this.origin(object, depth - 1)) as Origin
    }
    if (object === null || isClass(object)) {
      if (name === 'get' && object?.text === 'Paths') return this.worst(given, depth)
      return object !== null && PASSING.test(name) ? this.worst(given, depth) : this.passed(given, depth)
    }
    if (PASSING.test(name)) return this.#through(object, given, depth)
    return this.#method(name, object, given, depth)
  }

  #method(name: string, object: Node, given: readonly Node[], depth: number): Origin {
    const receiver = this.worst([object], depth)
    if (receiver !== FIXED)
      return receiver === UNKNOWN && /^(?:getId|id|name|getCode)$/.test(name) ? FIXED : receiver
    // A table of what is allowed: the key does not matter, what is returned without one does.
    if (name === 'get' || name === 'getOrDefault') return this.worst(given.slice(1), depth)
    return this.passed(given, depth)
  }

  #through(object: Node | null, given: readonly Node[], depth: number): Origin {
    return this.worst(object === null ? given : [object, ...given], depth)
  }

  #formatted(name: string, object: Node | null, given: readonly Node[], depth: number): Origin {
    if (name === 'formatted' && object !== null) return this.formatted(object, given, depth)
    if (object?.text === 'String') {
      const [format, ...values] = given[0]?.text.startsWith('Locale') === true ? given.slice(1) : given
      return this.formatted(format, values, depth)
    }
    return this.worst(given, depth)
  }
}

/** A class by the way it is written, or this object: what is called there is a function. CONSTANTS are objects. */
function isClass(object: Node): boolean {
  const name = object.text.slice(-80).split('.').at(-1)!
  return (
    object.type === 'this' ||
    (/^(?:identifier|field_access|scoped_identifier)$/.test(object.type) && /^[A-Z]\w*[a-z]\w*$/.test(name))
  )
}

/** A pattern of all but a few characters, of line ends, of markup or of separators; not one of `..`. */
function removesMuch(pattern: string | null): boolean {
  return pattern !== null && /\[\^|\\\\[WDs]|\\[rn]|[<>]|\[[^\]]*['"/][^\]]*\]/.test(pattern)
}
