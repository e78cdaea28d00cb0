import { type Child, type Html, html } from '../html.ts'

export interface Fact {
  readonly name: Child
  readonly value: Child
}

/** A list of names and values; a fact whose value is null or undefined is left out. */
export function facts(list: readonly Fact[]): Html {
  const shown = list.filter((fact) => fact.value !== null && fact.value !== undefined)
  return html`<dl class="facts">${shown.map((fact) => html`<div><dt>${fact.name}</dt><dd>${fact.value}</dd></div>`)}</dl>`
}

/** A part of a document: its heading in the margin, its content beside it. */
export function section(id: string, heading: string, content: Child): Html {
  return html`<section class="part" aria-labelledby="${id}"><h2 id="${id}">${heading}</h2><div class="part__body">${content}</div></section>`
}

/** Text to take away; the button appears only where a script can copy it. */
export function copyable(id: string, label: string, text: string): Html {
  return html`<div class="copy"><pre class="copy__text" id="${id}" tabindex="0" aria-label="${label}">${text}</pre><button class="button button--quiet" type="button" data-copy="${id}" hidden>Copy</button></div>`
}
