import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { isGuarded } from './guards.ts'
import { argumentsOf, isString, stringOf } from './nodes.ts'
import { callsOf, isParameter, visibleValues } from './scope.ts'

/** The same at every run, made here, or harmless for the purpose at hand. */
export const FIXED = 0
/** Not known from this source. */
export const UNKNOWN = 1
/** Chosen by somebody outside, with a request. */
export const INPUT = 2
export type Origin = typeof FIXED | typeof UNKNOWN | typeof INPUT

/** Nodes looked at to judge one expression. */
const MAX_NODES = 600
/** What it costs to judge one, in nodes that are only counted. */
const NODES_PER_STEP = 4
/** Expressions within expressions, and names that stand for them. */
const MAX_DEPTH = 40
/** Characters of literals that are kept of one expression. */
const MAX_TEXT = 4_000
/** Calls of one function that are looked at for what it is given. */
const MAX_CALLS = 12
/** Longer expressions are not looked for in conditions. */
const MAX_GUARDED_CHARACTERS = 120

export interface FlowOptions {
  /** Names of functions that make a value harmless for the purpose: `Base`, `escapeHtml4`. */
  readonly safe?: RegExp
  /** Names of functions that are no check for the purpose: a suffix says nothing of a directory. */
  readonly unchecked?: RegExp
  /** Whether a value that is written as a literal, `%q`, is harmless. */
  readonly isQuotedSafe?: boolean
  /** Whether what functions of unknown workings return is harmless. */
  readonly areCallsTrusted?: boolean
  /** Parts of a request that are harmless for the purpose. */
  readonly isHarmless?: (node: Node) => boolean
}

/**
 * Judges where an expression comes from: through names, concatenation, formats, builders and functions that pass values
 * on, up to what makes them harmless or checks them. One is made for each expression that is judged.
 */
export abstract class Flow {
  readonly source: SourceView
  readonly #place: Node
  readonly #options: FlowOptions
  readonly #known = new Map<number, Origin>()
  #parts: string[] = []
  #length = 0
  #isSilent = 0
  #left = MAX_NODES

  readonly #isInputAsked: boolean

  /** @param isInputAsked whether it only matters what is input: the literals are not kept, nor looked for checks then */
  constructor(source: SourceView, place: Node, options: FlowOptions = NO_OPTIONS, isInputAsked = false) {
    this.source = source
    this.#place = place
    this.#options = options
    this.#isInputAsked = isInputAsked
  }

  /** The literals that what was judged is built of, in order. */
  get text(): string {
    return this.#parts.join(' ')
  }

  origin(node: Node, depth = MAX_DEPTH): Origin {
    if (depth === 0 || --this.#left < 0 || !this.source.spend(NODES_PER_STEP)) return UNKNOWN
    if (this.#options.isHarmless?.(node) === true) return FIXED
    if (isString(node)) {
      this.keep(stringOf(node)!)
      return FIXED
    }
    if (node.type === 'identifier') return this.#named(node, depth)
    const known = this.#known.get(node.id)
    if (known !== undefined) return known
    this.#known.set(node.id, FIXED)
    const judged = isParameter(node) ? this.#parameter(node, depth) : this.judge(node, depth)
    const origin = judged === INPUT && this.#isGuarded(node) ? FIXED : judged
    this.#known.set(node.id, origin)
    return origin
  }

  /** Any expression but a text or a name. */
  protected abstract judge(node: Node, depth: number): Origin

  /** A name that is not bound in this source. */
  protected abstract unbound(name: Node): Origin

  /** A parameter: by its type, and by who calls the function. */
  protected abstract declared(parameter: Node): Origin

  /** Where in the list of parameters it stands, and the bare name under which others in this source call its function. */
  protected abstract callableAs(parameter: Node): { name: string; index: number; isPrivate: boolean } | null

  protected worst(nodes: readonly Node[], depth: number): Origin {
    let worst: Origin = FIXED
    for (const node of nodes) {
      const origin = this.origin(node, depth - 1)
      if (origin > worst) worst = origin
      if (worst === INPUT && this.#isInputAsked) break
    }
    return worst
  }

  /** What a function of unknown workings makes of its arguments: nothing that is known to be from outside. */
  protected passed(nodes: readonly Node[], depth: number): Origin {
    if (this.#options.areCallsTrusted === true || this.#isInputAsked) return FIXED
    this.#isSilent++
    const worst = this.worst(nodes, depth)
    this.#isSilent--
    return Math.min(worst, UNKNOWN) as Origin
  }

  protected isSafe(name: string): boolean {
    return SANITISING.test(name) || this.#options.safe?.test(name) === true
  }

  /** `Sprintf`, `String.format`: what is printed as a number is one. */
  protected formatted(format: Node | undefined, values: readonly Node[], depth: number): Origin {
    if (format === undefined) return FIXED
    const text = stringOf(format)
    if (text === null) return this.worst([format, ...values], depth)
    this.keep(text)
    let worst: Origin = FIXED
    let next = 0
    for (const [, position, verb] of text.matchAll(
      /%(?:\[?(\d{1,3})[\]$])?[-+# 0,(]{0,6}\d{0,6}(?:\.\d{1,6})?([a-zA-Z%])/g,
    )) {
      if (verb === '%' || verb === 'n') continue
      const value = values[position === undefined ? next : Number(position) - 1]
      next = position === undefined ? next + 1 : Number(position)
      if (value === undefined || /[dtxXefgGcCUpbo]/.test(verb!)) continue
      if (verb === 'q' && this.#options.isQuotedSafe === true) continue
      const origin = this.origin(value, depth - 1)
      if (origin > worst) worst = origin
    }
    return worst
  }

  protected keep(text: string): void {
    if (this.#isInputAsked || this.#isSilent > 0 || this.#length > MAX_TEXT) return
    this.#parts.push(text.slice(0, MAX_TEXT))
    this.#length += text.length
  }

  #named(node: Node, depth: number): Origin {
    const values = visibleValues(node, this.source)
    const origin = values.length === 0 ? this.unbound(node) : this.worst([...values].reverse(), depth)
    const matters = origin === INPUT || (origin === UNKNOWN && !this.#isInputAsked)
    return matters && this.#isGuarded(node) ? FIXED : origin
  }

  #parameter(node: Node, depth: number): Origin {
    const declared = this.declared(node)
    if (declared !== UNKNOWN) return declared
    const callable = this.callableAs(node)
    if (callable === null) return UNKNOWN
    const judged = judgedParameters(this.source, this.#options)
    const known = judged.get(node.id)
    if (known !== undefined) return known
    const given = callsOf(callable.name, this.source)
      .slice(0, MAX_CALLS)
      .map((call) => argumentsOf(call)[callable.index])
      .filter((argument) => argument !== undefined)
    if (given.length === 0) {
      judged.set(node.id, UNKNOWN)
      return UNKNOWN
    }
    this.#isSilent++
    const worst = this.worst(given, depth)
    this.#isSilent--
    const origin = callable.isPrivate || worst === INPUT ? worst : UNKNOWN
    if (this.#left > 0) judged.set(node.id, origin)
    return origin
  }

  #isGuarded(node: Node): boolean {
    const text = node.text
    if (text.length > MAX_GUARDED_CHARACTERS) return false
    const { unchecked: ignore } = this.#options
    const question = { texts: [text], source: this.source, ignore }
    return isGuarded(node, question) || isGuarded(this.#place, question)
  }
}

/** What the callers give, by the parameter's id. It is the same for all questions that are asked with the same options. */
function judgedParameters(source: SourceView, options: FlowOptions): Map<number, Origin> {
  let bySource = parameters.get(options)
  if (bySource === undefined) {
    bySource = new WeakMap()
    parameters.set(options, bySource)
  }
  let known = bySource.get(source)
  if (known === undefined) {
    known = new Map()
    bySource.set(source, known)
  }
  return known
}

const parameters = new WeakMap<FlowOptions, WeakMap<SourceView, Map<number, Origin>>>()
const NO_OPTIONS: FlowOptions = {}

const SANITISING =
  /sanit|(?<![uU]n)escap|(?<![uU]n)quote|^clean[A-Z_]|^Clean[A-Z]|whitelist|allow(?:ed|list)|valid|(?:^|_)safe|Safe(?![a-z])|slug|Filter$|^filter[A-Z]|^strip|^redact|^mask/i
