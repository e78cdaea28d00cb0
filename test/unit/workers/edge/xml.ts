const TOKEN = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 §2.2 names what it allows
const NOT_A_CHARACTER = /[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** A strict check of XML without DTD, comments or CDATA. @returns null when well-formed, else what is wrong */
export function wellFormed(xml: string): string | null {
  if (NOT_A_CHARACTER.test(xml)) return 'a character that XML does not allow'
  if (REFERENCE.test(xml)) return 'a bare ampersand or an unknown entity'
  const open: string[] = []
  let roots = 0
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(xml)
    if (token === null) return `no token at ${at}`
    const [, closing, name, attributes = '', selfClosing, text] = token
    if (text !== undefined) {
      if (open.length === 0 && text.trim() !== '') return 'text outside the root'
      if (text.includes(']]>')) return 'a bare end of CDATA'
      continue
    }
    if (repeats(attributes)) return 'an attribute twice'
    if (closing) {
      if (open.pop() !== name) return `</${name}> closes nothing`
      continue
    }
    if (open.length === 0) roots++
    if (!selfClosing) open.push(name!)
  }
  if (open.length > 0) return `<${open.at(-1)}> is not closed`
  return roots === 1 ? null : `${roots} roots`
}

function repeats(attributes: string): boolean {
  const names = [...attributes.matchAll(/\s([\w:-]+)=/g)].map(([, name]) => name)
  return new Set(names).size !== names.length
}
