const LITERAL = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** What may come next, besides white space. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end' | 'nothing'

/**
 * Where a text stops being JSON (RFC 8259), in code units from 0; its length when it just ends too soon, and null when it is
 * JSON. Engines say this for some mistakes and not for others. One pass, without recursion.
 */
export function findJsonError(text: string): number | null {
  const open: string[] = []
  let expected: Expected = 'value'
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const first = text[at]!
    const mark = '[]{}:,'.includes(first) ? first : undefined
    const end = mark !== undefined ? at + 1 : first === '"' ? endOfString(text, at) : endOf(LITERAL, text, at)
    const next: Expected | null = end === null ? null : step(expected, mark, first === '"', open)
    if (end === null || next === null) return at
    expected = next
    at = skipSpace(text, end)
  }
  return expected === 'nothing' ? null : text.length
}

/** By hand: a regular expression keeps a state for each repetition, of which a string may have millions. */
function endOfString(text: string, start: number): number | null {
  for (let at = start + 1; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at + 1
    if (code < 0x20) return null
    const next = code === 0x5c ? endOf(ESCAPE, text, at) : at + 1
    if (next === null) return null
    at = next
  }
  return null
}

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}

function step(
  expected: Expected,
  mark: string | undefined,
  isString: boolean,
  open: string[],
): Expected | null {
  if (mark === ':') return expected === ':' ? 'value' : null
  if (mark === ',') {
    if (expected !== ', or end') return null
    return open.at(-1) === '{' ? 'name' : 'value'
  }
  if (mark === '}' || mark === ']') {
    const empty = mark === '}' ? 'name or }' : 'value or ]'
    if (expected !== empty && expected !== ', or end') return null
    return open.pop() === (mark === '}' ? '{' : '[') ? after(open) : null
  }
  if (expected === 'name' || expected === 'name or }') return isString ? ':' : null
  if (expected !== 'value' && expected !== 'value or ]') return null
  if (mark === undefined) return after(open)
  open.push(mark)
  return mark === '{' ? 'name or }' : 'value or ]'
}

function after(open: readonly string[]): Expected {
  return open.length === 0 ? 'nothing' : ', or end'
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++
  return at
}
