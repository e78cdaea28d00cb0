import { type Html, html, raw } from '../html.ts'

/** Drawn on a 20 × 20 grid in the colour of the text. They repeat what the words beside them say. */
const SHAPES = {
  pass: '<circle cx="10" cy="10" r="8.25"/><path d="m6.2 10.4 2.6 2.6 5-5.6"/>',
  fail: '<circle cx="10" cy="10" r="8.25"/><path d="m7 7 6 6m0-6-6 6"/>',
  none: '<circle cx="10" cy="10" r="8.25" stroke-dasharray="2.6 2.58"/><path d="M6.6 10h6.8"/>',
  clock: '<circle cx="10" cy="10" r="8.25"/><path d="M10 5.4V10l3.1 2"/>',
  unsure:
    '<circle cx="10" cy="10" r="8.25"/><path d="M7.7 7.9a2.3 2.3 0 1 1 3.3 2.1c-.7.3-1 .8-1 1.6M10 14.2v.1"/>',
  struck: '<circle cx="10" cy="10" r="8.25"/><path d="m4.4 15.6 11.2-11.2"/>',
} as const

export type IconName = keyof typeof SHAPES

export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">${raw(SHAPES[name])}</svg>`
}

/** The network's mark: a seal of three interlaced rings. */
export function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><ellipse cx="12" cy="12" rx="10.5" ry="4.6"/><ellipse cx="12" cy="12" rx="10.5" ry="4.6" transform="rotate(60 12 12)"/><ellipse cx="12" cy="12" rx="10.5" ry="4.6" transform="rotate(120 12 12)"/></svg>`
}
