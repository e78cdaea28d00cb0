import type { Severity } from '../../../../schema/wire/vocabulary.ts'
import { type Html, html } from '../html.ts'

const TONES: Readonly<Record<Severity, string>> = {
  low: 'unsure',
  medium: 'warn',
  high: 'bad',
  critical: 'bad',
}

/** How bad it is, in a word; the colour says nothing that the word does not. */
export function severityMark(severity: Severity): Html {
  return html`<span class="severity tone--${TONES[severity]}">${severity}</span>`
}
