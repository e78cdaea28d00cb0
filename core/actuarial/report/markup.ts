/** Markup that is escaped already. Only {@link html} makes it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Child = Markup | string | number | null | readonly Child[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Template tag: strings and numbers are escaped, null is nothing, arrays are joined. */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Markup {
  return new Markup(strings.reduce((text, part, index) => text + write(children[index - 1] ?? null) + part))
}

function write(child: Child): string {
  if (child === null) return ''
  if (child instanceof Markup) return child.text
  if (typeof child === 'object') return child.map(write).join('')
  return String(child)
    .toWellFormed()
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}
