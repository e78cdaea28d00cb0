import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { argumentsOf, stringOf } from './nodes.ts'
import { isBuiltUp, isParameter, visibleValues } from './scope.ts'

/** How deep the parts of a text are looked for. */
export const MAX_PART_DEPTH = 14

/** What a text is made of, from left to right: constants, and expressions. */
export type Parts = Generator<string | Node, void>

/**
 * Whether an address is decided before the input comes: by a beginning that is `enough`, a whole host or a path, or by
 * something else that is not input.
 */
export function isDecided(parts: Parts, enough: RegExp, isInput: (part: Node) => boolean): boolean {
  let text = ''
  for (const part of parts) {
    const literal = typeof part === 'string' ? part : stringOf(part)
    if (literal === null) return !isInput(part as Node)
    text += literal
    if (enough.test(text)) return true
  }
  return false
}

/** The parts of what a format makes: `"https://%s/%s"`. */
export function* partsOfFormat(
  format: string,
  values: readonly Node[],
  partsOf: (value: Node) => Parts,
): Parts {
  const pieces = format.split(/%(?:\d{1,3}\$)?[-+# 0,(]{0,6}\d{0,6}(?:\.\d{1,6})?[a-zA-Z]/)
  for (const [index, piece] of pieces.entries()) {
    if (piece !== '') yield piece
    const value = values[index]
    if (value !== undefined && index < pieces.length - 1) yield* partsOf(value)
  }
}

/** The parts of what a name stands for: of its one value, and of what is added to that. */
export function* partsOfName(name: Node, source: SourceView, partsOf: (value: Node) => Parts): Parts {
  const values = [...visibleValues(name, source)].reverse()
  const [first, ...rest] = values
  if (first === undefined || isParameter(first) || !rest.every(isBuiltUp)) {
    yield name
    return
  }
  for (const value of values)
    if (!/^(?:var_spec|variable_declarator)$/.test(value.type)) yield* partsOf(value)
}

/** The parts of all arguments of a call, one after the other. */
export function* partsOfArguments(call: Node, partsOf: (value: Node) => Parts): Parts {
  for (const given of argumentsOf(call)) yield* partsOf(given)
}
