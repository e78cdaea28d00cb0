/** A new element with text or children; text is only ever text. */
export function element(name: string, className: string, ...children: (string | Node)[]): HTMLElement {
  const made = document.createElement(name)
  made.className = className
  made.append(...children)
  return made
}

const SVG = 'http://www.w3.org/2000/svg'

/** The same drawings as `components/icons.ts`, made without markup (Trusted Types allow none). */
const SHAPES = {
  passed: 'm6.2 10.4 2.6 2.6 5-5.6',
  failed: 'm7 7 6 6m0-6-6 6',
  skipped: 'M6.6 10h6.8',
  noted: 'M6.6 10h6.8',
  unsure: 'M7.7 7.9a2.3 2.3 0 1 1 3.3 2.1c-.7.3-1 .8-1 1.6M10 14.2v.1',
} as const

export function icon(shape: keyof typeof SHAPES): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  for (const [name, value] of Object.entries({
    class: 'icon',
    viewBox: '0 0 20 20',
    'aria-hidden': 'true',
  })) {
    svg.setAttribute(name, value)
  }
  const circle = document.createElementNS(SVG, 'circle')
  for (const [name, value] of Object.entries({ cx: '10', cy: '10', r: '8.25' }))
    circle.setAttribute(name, value)
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', SHAPES[shape])
  svg.append(circle, path)
  return svg
}

/** @throws {TypeError} when the page lacks it: the script and the page are of different deployments */
export function find<T extends Element>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector)
  if (found === null) throw new TypeError(`the page has no ${selector}`)
  return found
}
