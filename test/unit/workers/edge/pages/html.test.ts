import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Child, html, raw, safeHref, visible } from '../../../../../workers/edge/pages/html.ts'
import { textOf } from './fixtures.ts'

describe('html', () => {
  it('escapes strings, keeps markup, joins arrays, drops nothings', () => {
    const made = html`<p>${'<b>&"\''}${html`<i>${1}</i>`}${['a', html`<br>`]}${false}${null}${undefined}${raw('<u>')}</p>`
    expect(made.toString()).toBe('<p>&lt;b&gt;&amp;&quot;&#39;<i>1</i>a<br><u></p>')
  })

  it('shows an object that poses as markup as the JSON that it is', () => {
    for (const posing of [
      { isEscaped: true },
      { isEscaped: true, toString: '<script>', callbacks: ['x'] },
      [{ isEscaped: '<b>' }],
    ]) {
      const made = html`${posing as unknown as Child}`.toString()
      expect(made).not.toMatch(/[<>]|\[object/)
      expect(made).toContain('isEscaped')
    }
  })

  it('lets through nothing that was not markup before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = html`<p title="${text}">${text}</p>`.toString()
        expect(made.match(/[<>"]/g)).toHaveLength(6)
        expect(textOf(made)).toContain(
          visible(text)
            .replace(/[\t\n ]+/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        )
      }),
    )
  })
})

describe('visible', () => {
  it.each([
    ['plain é 日本 😀', 'plain é 日本 😀'],
    ['a\u202eb\u2066c', 'a<U+202E>b<U+2066>c'],
    ['\u0000\u200b\ufeff\u007f', '<U+0000><U+200B><U+FEFF><U+007F>'],
    ['\ud800', '\ufffd'],
  ])('%j → %s', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })
})

describe('safeHref', () => {
  it.each([
    ['https://git.example/a b', 'https://git.example/a%20b'],
    ['http://127.0.0.1:8787/x', 'http://127.0.0.1:8787/x'],
    ['javascript:alert(1)', null],
    ['  JaVaScRiPt:alert(1)', null],
    ['java\nscript:alert(1)', null],
    ['data:text/html,x', null],
    ['//evil.example', null],
    ['git@github.com:a/b.git', null],
    ['', null],
  ])('%j → %s', (address, href) => {
    expect(safeHref(address)).toBe(href)
  })
})
