import { raw, html as template } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export { raw }

/** Markup that is already escaped. Only {@link html} and {@link raw} make it. */
export type Html = HtmlEscapedString

export type Child = Html | string | number | false | null | undefined | readonly Child[]

/**
 * Template tag: every string is made {@link visible} and escaped; `false`, `null` and `undefined` are nothing;
 * arrays are joined.
 */
export function html(strings: TemplateStringsArray, ...children: Child[]): Html {
  // Hono answers a promise only for asynchronous children, which Child cannot hold.
  return template(strings, ...children.map(settle)) as Html
}

/**
 * Hono believes any object that says `isEscaped`, and parsed JSON can say that. Only real markup, a String
 * object, passes; any other object is shown as the JSON that it is.
 */
function settle(child: Child): Child {
  if (typeof child === 'string') return visible(child)
  if (Array.isArray(child)) return child.map(settle)
  if (typeof child !== 'object' || child === null || child instanceof String) return child
  return visible(JSON.stringify(child))
}

/** Control (but tab and newline), zero-width and bidirectional characters: they could make a name read as another. */
const DECEPTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

/** `text` with each character that cannot be seen, or that reorders others, written as `<U+202E>`. */
export function visible(text: string): string {
  return text.toWellFormed().replace(DECEPTIVE, (character) => `<U+${codePoint(character)}>`)
}

function codePoint(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
}

/** @returns the address when it is an absolute http(s) one, else null: never `javascript:` and its kin */
export function safeHref(address: string): string | null {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null
}

/** One segment of a path. Unlike `encodeURIComponent` it takes text that is not well-formed too. */
export function pathSegment(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
