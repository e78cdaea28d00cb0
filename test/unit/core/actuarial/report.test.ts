import { describe, expect, test } from 'vitest'
import { csv } from '../../../../core/actuarial/csv.ts'
import { html } from '../../../../core/actuarial/report/markup.ts'
import { renderReport } from '../../../../core/actuarial/report/render.ts'
import { percent, shortUsd } from '../../../../core/actuarial/report/words.ts'
import type { ActuarialReview } from '../../../../schema/wire/actuarial.ts'
import { sampleReview } from './sample-review.ts'

const HOSTILE = `"><script>alert('1')</script>&<img src=x onerror=alert(1)>`
const publisher = { network: 'https://network.example', carrier: null }
const months = [
  { month: '2026-08', loss_ratio: null },
  { month: '2026-09', loss_ratio: 0.4 },
  { month: '2026-10', loss_ratio: 51.3 },
]
const render = (more: Partial<ActuarialReview> = {}, carrier: string | null = null) =>
  renderReport({ ...sampleReview(), ...more }, months, { ...publisher, carrier })

describe('the report', () => {
  test('runs nothing and loads nothing', () => {
    const text = render()
    expect(text).not.toMatch(/<script|<link|<img|<iframe|<object|\son\w+=|javascript:|@import|url\(/i)
    // The network's own name is text, and no other address is in it.
    expect(text.match(/https?:\/\/[^\s<"]+/g)).toEqual(['https://network.example'])
    expect(text).not.toMatch(/\s(?:href|src|style|xlink:href)=/)
  })

  test('escapes whatever names something', () => {
    const segment = { ...sampleReview().by_tier[0]!, name: HOSTILE }
    const price = { ...sampleReview().prices[0]!, tier: HOSTILE }
    const text = render({ by_tier: [segment], prices: [price] }, HOSTILE)
    expect(text).not.toContain('<script')
    expect(text).not.toContain('<img')
    expect(text.split('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&lt;img').length - 1).toBe(4)
  })

  test('says who bears the risk, or that nobody with a licence does', () => {
    expect(render()).toContain('is not licensed insurance')
    const carried = render({}, 'Example Insurance plc')
    expect(carried).toContain('The carrier of cover on this network is Example Insurance plc')
    expect(carried).not.toContain('is not licensed insurance')
  })

  test('draws what it was given, and no coordinate that is none', () => {
    const text = render()
    expect(text).not.toMatch(/NaN|Infinity|undefined|null|\[object/)
    expect(text.match(/<svg /g)).toHaveLength(3)
    expect(text.match(/<circle /g)).toHaveLength(2)
    expect(text).toContain('5,130 %')
    expect(text).toContain('class="shade-7"')
    expect(text).toContain('Actuarial review of October 2026')
  })

  test('of an empty book holds together', () => {
    const empty = sampleReview()
    const figures = { ...empty.total, loss_ratio: null, loss_ratio_of_premium: null }
    const nothing = {
      total: figures,
      by_tier: [],
      by_bucket: [],
      prices: [],
      severities: [],
      subsidy: { budget: 0, used: 0, remaining: 0 },
    }
    const text = renderReport({ ...empty, ...nothing, ibnr: { ...empty.ibnr, cohorts: [] } }, [], publisher)
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/)
  })
})

test('markup escapes all but markup', () => {
  expect(html`<b title="${'"'}">${[html`<i>`, '<', 1, null]}</b>${'\ud800'}`.text).toBe(
    '<b title="&quot;"><i>&lt;1</b>\ufffd',
  )
})

test.each([
  [0, '$0'],
  [-12_345, '−$123'],
  [99_949, '$999'],
  [99_950, '$1.0k'],
  [123_456, '$1.2k'],
  [99_950_000, '$1.0m'],
])('%i cents are %s in a small cell', (cents, text) => {
  expect(shortUsd(cents)).toBe(text)
})

test.each([
  [null, '–'],
  [0.6667, '66.7 %'],
  [51.3, '5,130 %'],
])('%s is %s', (share, text) => {
  expect(percent(share)).toBe(text)
})

describe('CSV', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['=cmd("x"),1', `"'=cmd(""x""),1"`],
    ['a=b', 'a=b'],
  ])('writes %j as %s', (text, written) => {
    expect(csv([[text, 'z']])).toBe(`${written},z\r\n`)
  })
})
