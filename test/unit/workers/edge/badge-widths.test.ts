import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import measure from '../../../../workers/edge/badge-widths.ts'

const anafanafo: typeof measure = createRequire(import.meta.url)('anafanafo')
const FONTS = ['11px Verdana', '10px Verdana', 'bold 10px Verdana']
const LATIN_1 = Array.from({ length: 0x100 }, (_, code) => String.fromCodePoint(code)).filter(
  (c) => !/[\x80-\x9f]/.test(c),
)

it.each(FONTS)('%s is as wide as in the whole tables, for all of Latin-1', (font) => {
  for (const character of LATIN_1) {
    expect([character, measure(character, { font })]).toEqual([character, anafanafo(character, { font })])
  }
})

it.each(['日本語', 'Привет', '😀', 'ﷺ', ''])('%s is about as wide', (text) => {
  for (const font of FONTS) {
    const [ours, theirs] = [measure(text, { font }), anafanafo(text, { font })]
    expect(ours).toBeGreaterThanOrEqual(0.5 * theirs)
    expect(ours).toBeLessThanOrEqual(2 * theirs)
  }
})
