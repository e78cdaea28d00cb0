import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const TOKENS = path.resolve(import.meta.dirname, '../../../../../workers/edge/pages/assets/tokens.css')
const [light = '', dark = ''] = readFileSync(TOKENS, 'utf8').split('@media (prefers-color-scheme: dark)')

/** WCAG 2.2: 1.4.3 for text, 1.4.11 for the edges of controls. */
const TEXT_RATIO = 4.5
const EDGE_RATIO = 3

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, css) => {
  const texts = ['ink', 'ink-soft', 'engrave', 'good', 'bad', 'warn', 'unsure'].flatMap((name) => [
    [name, 'sheet'],
    [name, 'paper'],
  ])
  it.each([...texts, ['on-engrave', 'engrave'], ['engrave', 'engrave-soft']] as [string, string][])(
    '%s can be read on %s',
    (text, ground) => {
      expect(contrast(colour(css, text), colour(css, ground))).toBeGreaterThanOrEqual(TEXT_RATIO)
    },
  )

  it('the edge of a field can be seen', () => {
    expect(contrast(colour(css, 'rule-strong'), colour(css, 'sheet'))).toBeGreaterThanOrEqual(EDGE_RATIO)
  })
})

function colour(css: string, name: string): string {
  const found = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(css)?.[1]
  if (found === undefined) throw new Error(`no colour --${name}`)
  return found
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
