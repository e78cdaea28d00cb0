import type { ActuarialReview, SuggestedPrice, TriangleDocument } from '../../../schema/wire/actuarial.ts'
import { DEFAULTS } from '../../insurance/defaults.ts'
import { html, type Markup } from './markup.ts'
import { monthInWords, percent, shortMonth, shortUsd, usd } from './words.ts'

/** All charts are as wide as the text of an A4 page; one unit is a quarter of a millimetre or so. */
const WIDTH = 680

export interface RatioPoint {
  readonly month: string
  readonly loss_ratio: number | null
}

const MAX_POINTS = 24
const MARKS = [
  {
    at: Number(DEFAULTS.loadDenominator) / Number(DEFAULTS.loadNumerator),
    label: 'expected',
    tone: 'good',
  },
  { at: DEFAULTS.breaker.restrictAtBp / 10_000, label: 'only low risk', tone: 'warn' },
  { at: DEFAULTS.breaker.haltAtBp / 10_000, label: 'binding halts', tone: 'bad' },
]

/** The ultimate loss ratio as each review found it, against what the breaker goes by. */
export function lossRatioChart(months: readonly RatioPoint[]): Markup {
  const points = months.slice(-MAX_POINTS)
  const left = 52
  const right = WIDTH - 112
  const [top, bottom] = [12, 190]
  const highest = niceCeiling(Math.max(1.5, ...points.map((point) => point.loss_ratio ?? 0)))
  const x = (index: number) =>
    points.length < 2 ? (left + right) / 2 : left + (index / (points.length - 1)) * (right - left)
  const y = (ratio: number) => bottom - (Math.max(0, ratio) / highest) * (bottom - top)
  const drawn = points.flatMap(({ month, loss_ratio: ratio }, index) =>
    ratio === null ? [] : [{ month, ratio, x: fixed(x(index)), y: fixed(y(ratio)) }],
  )
  const steps = stepsTo(highest)
  const ticks = Array.from({ length: steps + 1 }, (_, step) => (step / steps) * highest)
  const every = Math.max(1, Math.ceil(points.length / 8))
  return html`<svg viewBox="0 0 ${WIDTH} 218" role="img" aria-label="Loss ratio over ${drawn.length} months">
${ticks.map((tick) => html`<line class="grid" x1="${left}" x2="${right}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}"/><text class="axis end" x="${left - 8}" y="${fixed(y(tick) + 3.5)}">${percent(tick, 0)}</text>`)}
${placeLabels(MARKS.map((mark) => ({ ...mark, y: y(mark.at) }))).map(
  ({ y: line, labelY, label, tone, at }) =>
    html`<line class="mark ${tone}" x1="${left}" x2="${right}" y1="${fixed(line)}" y2="${fixed(line)}"/><text class="axis ${tone}" x="${right + 6}" y="${fixed(labelY + 3.5)}">${percent(at, 0)} ${label}</text>`,
)}
${drawn.length > 1 ? html`<polyline class="line" points="${drawn.map((point) => `${point.x},${point.y}`).join(' ')}"/>` : null}
${drawn.map((point) => html`<circle class="dot" cx="${point.x}" cy="${point.y}" r="3"><title>${monthInWords(point.month)}: ${percent(point.ratio)}</title></circle>`)}
${points.map(({ month }, index) => ((points.length - 1 - index) % every === 0 ? html`<text class="axis middle" x="${fixed(x(index))}" y="208">${shortMonth(month)}</text>` : null))}
</svg>`
}

/** What is asked by the list against what it would take, on a logarithmic scale: one is a thousandth of the other. */
export function priceChart(prices: readonly SuggestedPrice[]): Markup {
  const shown = prices.filter(({ offered, list_premium }) => offered && list_premium !== null)
  const left = 150
  const right = WIDTH - 70
  const rowHeight = 24
  const height = shown.length * rowHeight + 26
  const highest = Math.max(
    1_000,
    ...shown.flatMap((price) => [price.technical_premium, price.list_premium ?? 0]),
  )
  const decades = Math.ceil(Math.log10(highest))
  const x = (cents: number) => left + (Math.log10(Math.max(1, cents)) / decades) * (right - left)
  const ticks = Array.from({ length: decades + 1 }, (_, power) => 10 ** power)
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="List premium and technical premium by tier and risk">
${ticks.map((tick) => html`<line class="grid" x1="${fixed(x(tick))}" x2="${fixed(x(tick))}" y1="0" y2="${height - 22}"/><text class="axis middle" x="${fixed(x(tick))}" y="${height - 8}">${tick < 100 ? usd(tick) : shortUsd(tick)}</text>`)}
${shown.map((price, index) => {
  const top = index * rowHeight + 4
  const end = x(price.technical_premium)
  return html`<text class="axis end" x="${left - 10}" y="${top + 11}">${price.tier}, ${price.bucket.toLowerCase()}</text><rect class="technical" x="${left}" y="${top}" width="${fixed(end - left)}" height="8"/><rect class="list" x="${left}" y="${top + 9}" width="${fixed(x(price.list_premium ?? 0) - left)}" height="6"/><text class="axis strong" x="${fixed(end + 6)}" y="${top + 8}">${usd(price.technical_premium)}</text>`
})}
</svg>`
}

/** How much of the pilot's budget is used. */
export function subsidyChart({ budget, used }: ActuarialReview['subsidy']): Markup {
  const share = budget > 0 ? Math.min(1, used / budget) : 0
  const tone = share >= 0.9 ? 'bad' : share >= 0.75 ? 'warn' : 'good'
  return html`<svg viewBox="0 0 ${WIDTH} 44" role="img" aria-label="${percent(share)} of the subsidy is used">
<rect class="track" x="0" y="0" width="${WIDTH}" height="18"/><rect class="fill ${tone}" x="0" y="0" width="${fixed(share * WIDTH)}" height="18"/>
<text class="axis" x="0" y="36">${usd(used)} used (${percent(share)})</text><text class="axis end" x="${WIDTH}" y="36">${usd(budget)} in all</text>
</svg>`
}

const MAX_TRIANGLE_MONTHS = 12
const SHADES = 7

/** Cumulative amounts; the darker, the more of the triangle's largest one. */
export function triangleTable({ rows, factors }: TriangleDocument): Markup {
  const shown = rows.slice(-MAX_TRIANGLE_MONTHS)
  const ages = Math.max(0, ...shown.map((row) => row.cumulative.length))
  const largest = Math.max(1, ...shown.flatMap((row) => row.cumulative))
  const shade = (cents: number) => (cents <= 0 ? 0 : Math.max(1, Math.ceil((cents / largest) * SHADES)))
  const numbers = Array.from({ length: ages }, (_, age) => age)
  return html`<table class="triangle"><thead><tr><th scope="col">Bound in</th>${numbers.map((age) => html`<th scope="col">+${age}</th>`)}</tr></thead>
<tbody>${shown.map(
    ({ origin, cumulative }) =>
      html`<tr><th scope="row">${shortMonth(origin)}</th>${numbers.map((age) => {
        const cents = cumulative[age]
        return cents === undefined
          ? html`<td></td>`
          : html`<td class="shade-${shade(cents)}">${shortUsd(cents)}</td>`
      })}</tr>
`,
  )}</tbody>
<tfoot><tr><th scope="row">Factor</th>${numbers.map((age) => html`<td>${age < factors.length ? factors[age]!.toFixed(3) : ''}</td>`)}</tr></tfoot></table>`
}

/** 1, 2 or 5 times a power of ten, or one and a half. */
function niceCeiling(value: number): number {
  if (value <= 1.5) return 1.5
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

/** Round numbers between 0 and a ceiling of {@link niceCeiling}. */
function stepsTo(ceiling: number): number {
  if (ceiling === 1.5) return 3
  return String(ceiling).startsWith('2') ? 4 : 5
}

const LABEL_HEIGHT = 11

/** Labels of lines that are close keep apart: from the highest line down, each below the one before. */
function placeLabels<Mark extends { readonly y: number }>(
  marks: readonly Mark[],
): (Mark & { labelY: number })[] {
  const fromBottom = marks.toSorted((a, b) => b.y - a.y)
  let next = Number.POSITIVE_INFINITY
  return fromBottom.map((mark) => {
    const labelY = Math.min(mark.y, next)
    next = labelY - LABEL_HEIGHT
    return { ...mark, labelY }
  })
}

/** Coordinates with one decimal: text of a reasonable length. */
function fixed(value: number): string {
  return (Math.round(value * 10) / 10).toString()
}
