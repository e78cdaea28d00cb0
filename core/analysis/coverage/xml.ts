import { EvidenceError } from '../evidence-error.ts'

/** Elements inside of each other; reports have fewer than ten. */
export const MAX_XML_DEPTH = 64

/** Elements of one document: a Cobertura report of 5 MB has 185,000 at most. */
export const MAX_XML_ELEMENTS = 300_000
/** Attributes of one element; reports have fewer than ten. */
export const MAX_XML_ATTRIBUTES = 64
/** Characters of a text that is read, with its references as they are written. */
const MAX_TEXT = 32_768

export interface XmlHandler {
  /** An element begins, also one that is empty. `line` is where it does, from 1. Values are raw: see {@link readText}. */
  open(name: string, attributes: ReadonlyMap<string, string>, line: number): void
  /** The elements that hold text. Text in another one is what damage to a tag leaves, and is refused. */
  readonly withText: ReadonlySet<string>
  /** An element ends. `text` is what stood directly before its end tag, raw. */
  close(name: string, text: string): void
}

/**
 * Goes through a well-formed XML document (XML 1.0, of which reports need little) in one pass, without a tree: 5 MB of
 * it must not cost 100 MB. A DOCTYPE is passed over and never fetched; one that declares anything itself is refused, so that nothing
 * ever expands.
 *
 * @throws {EvidenceError} with the line, for what is not well-formed
 */
export function readXml(content: string, handler: XmlHandler): void {
  new XmlScan(content, handler).run()
}

class XmlScan {
  private readonly content: string
  private readonly handler: XmlHandler
  private readonly open: string[] = []
  private at = 0
  private line = 1
  /** Where the current line ends: looked for once, as some reports are a single line of megabytes. */
  private lineEnd = -1
  private elements = 0
  private seenRoot = false
  private seenDoctype = false

  constructor(content: string, handler: XmlHandler) {
    this.content = content
    this.handler = handler
  }

  run(): void {
    const { content } = this
    while (this.at < content.length) {
      const bracket = content.indexOf('<', this.at)
      const text = content.slice(this.at, bracket === -1 ? content.length : bracket)
      if (!this.handler.withText.has(this.open.at(-1) ?? '')) this.checkBlank(text)
      if (bracket === -1) break
      this.at = bracket
      this.markup(text)
    }
    this.at = content.length
    const [inner] = this.open.slice(-1)
    if (inner !== undefined) this.fail(`it ends inside of <${inner}>`)
    if (!this.seenRoot) this.fail('it has no root element')
  }

  private checkBlank(text: string): void {
    const blank = skipSpace(text, 0)
    if (blank === text.length) return
    this.at += blank
    const [inner] = this.open.slice(-1)
    this.fail(
      inner === undefined ? 'there is text outside of the root element' : `there is text in <${inner}>`,
    )
  }

  private markup(text: string): void {
    const { content, at } = this
    if (content.startsWith('</', at)) this.endTag(text)
    else if (content.startsWith('<!--', at)) this.skip('<!--', '-->', 'a comment')
    else if (content.startsWith('<?', at)) this.skip('<?', '?>', 'a processing instruction')
    else if (content.startsWith('<![CDATA[', at)) {
      if (this.open.length === 0) this.fail('there is text outside of the root element')
      this.skip('<![CDATA[', ']]>', 'a CDATA section')
    } else if (content.startsWith('<!', at)) this.doctype()
    else this.startTag()
  }

  private skip(start: string, end: string, what: string): void {
    const found = this.content.indexOf(end, this.at + start.length)
    if (found === -1) this.fail(`${what} does not end`)
    this.at = found + end.length
  }

  private doctype(): void {
    const { content } = this
    if (!content.startsWith('<!DOCTYPE', this.at)) this.fail('there is an unknown declaration')
    if (this.seenDoctype || this.seenRoot) this.fail('there is a DOCTYPE where none may be')
    this.seenDoctype = true
    for (let i = this.at; i < content.length; i++) {
      const character = content[i]!
      if (character === '"' || character === "'") {
        i = content.indexOf(character, i + 1)
        if (i === -1) break
      } else if (character === '[') this.fail('its DOCTYPE declares something')
      else if (character === '>') {
        this.at = i + 1
        return
      }
    }
    this.fail('its DOCTYPE does not end')
  }

  private endTag(text: string): void {
    const end = this.content.indexOf('>', this.at)
    if (end === -1) this.fail('a tag does not end')
    const name = this.content.slice(this.at + 2, end).trimEnd()
    const expected = this.open.pop()
    if (name !== expected) {
      this.fail(expected === undefined ? 'an end tag has no start' : `<${expected}> ends as another element`)
    }
    this.at = end + 1
    this.handler.close(name, text)
  }

  private startTag(): void {
    const { content } = this
    if (this.seenRoot && this.open.length === 0) this.fail('there is a second root element')
    const start = this.at
    const nameEnd = endOfName(content, start + 1)
    const name = content.slice(start + 1, nameEnd)
    if (!isNameStart(content.charCodeAt(start + 1))) this.fail('a tag has no name')
    const line = this.currentLine()
    this.at = nameEnd
    const attributes = this.attributes()
    const empty = content[this.at] === '/'
    if (empty) this.at++
    if (content[this.at] !== '>') this.fail('a tag does not end')
    this.at++
    this.seenRoot = true
    if (this.open.length >= MAX_XML_DEPTH)
      this.fail(`its elements are nested more than ${MAX_XML_DEPTH} deep`)
    if (++this.elements > MAX_XML_ELEMENTS) this.fail(`it has more than ${MAX_XML_ELEMENTS} elements`)
    this.handler.open(name, attributes, line)
    if (empty) this.handler.close(name, '')
    else this.open.push(name)
  }

  /** Leaves `at` on what is neither white space nor an attribute. */
  private attributes(): ReadonlyMap<string, string> {
    const { content } = this
    const attributes = new Map<string, string>()
    for (;;) {
      const start = skipSpace(content, this.at)
      const spaced = start > this.at
      this.at = start
      if (!isNameStart(content.charCodeAt(start))) return attributes
      if (!spaced) this.fail('there is no space before an attribute')
      const nameEnd = endOfName(content, start)
      const name = content.slice(start, nameEnd)
      const equals = skipSpace(content, nameEnd)
      const quote = skipSpace(content, equals + 1)
      if (content[equals] !== '=' || (content[quote] !== '"' && content[quote] !== "'")) {
        this.fail('an attribute has no value in quotes')
      }
      const end = content.indexOf(content[quote]!, quote + 1)
      if (end === -1) this.fail('the value of an attribute does not end')
      const value = content.slice(quote + 1, end)
      if (value.includes('<')) this.fail('there is < in the value of an attribute')
      if (attributes.has(name)) this.fail('an attribute is given twice')
      if (attributes.size >= MAX_XML_ATTRIBUTES) this.fail('an element has too many attributes')
      attributes.set(name, value)
      this.at = end + 1
    }
  }

  private currentLine(): number {
    while (this.lineEnd < this.at) {
      if (this.lineEnd !== -1) this.line++
      const newline = this.content.indexOf('\n', this.lineEnd + 1)
      this.lineEnd = newline === -1 ? Number.POSITIVE_INFINITY : newline
    }
    return this.line
  }

  private fail(why: string): never {
    throw new EvidenceError(`is not well-formed XML: ${why}`, this.currentLine())
  }
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Raw text or a raw value with its references replaced: the five predefined entities and characters (XML 1.0 §4.1, §4.6).
 *
 * @throws {EvidenceError} with the line for any other, and for what is too long for a name or a path
 */
export function readText(raw: string, line: number | null): string {
  if (!raw.includes('&')) return raw
  if (raw.length > MAX_TEXT) throw new EvidenceError(`has a name of more than ${MAX_TEXT} characters`, line)
  return raw.replace(/&([^&;]{0,10};?)/g, (_, reference: string) => {
    const name = reference.endsWith(';') ? reference.slice(0, -1) : ''
    const character = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name]! : decodeCharacter(name)
    if (character === null) {
      throw new EvidenceError('is not well-formed XML: there is an entity that is not predefined', line)
    }
    return character
  })
}

function decodeCharacter(name: string): string | null {
  const digits = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name)
  if (digits === null) return null
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null
}

/** Wider than XML's own names: whatever is neither white space nor markup. */
function endOfName(content: string, from: number): number {
  let at = from
  while (at < content.length && isNamePart(content.charCodeAt(at))) at++
  return at
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code >= 0x80
}

function isNamePart(code: number): boolean {
  // Letters and "_", "-", ".", ":", digits.
  return isNameStart(code) || (code >= 0x30 && code <= 0x3a) || code === 0x2d || code === 0x2e
}

function skipSpace(content: string, from: number): number {
  let at = from
  while (isSpace(content.charCodeAt(at))) at++
  return at
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}
