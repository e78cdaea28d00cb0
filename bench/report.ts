import type { Finding, Measure } from './measures/measure.ts'

/** The line on stdout. `ratio` is `ours` ÷ `limit`; which way it is good is in `bench/README.md`. */
export function jsonLine(measure: Measure, { ours, limit }: Finding): string {
  const { name, unit } = measure
  return JSON.stringify({ name, ours: round(ours), limit: round(limit), unit, ratio: round(ours / limit) })
}

/** The same for people, with the bar and whether it is met. */
export function describe(measure: Measure, { ours, limit, note }: Finding): string {
  const ratio = ours / limit
  const met = measure.good === 'high' ? ratio >= measure.bar : ratio <= measure.bar
  const comparison = `${round(ours)} of ${round(limit)} ${measure.unit}`
  const bar = `${measure.good === 'high' ? '≥' : '≤'} ${measure.bar}`
  const verdict = met ? 'met    ' : 'NOT MET'
  const line = `${verdict}  ${measure.name.padEnd(28)} ${ratio.toFixed(2).padStart(5)} (${bar})  ${comparison}`
  return note ? `${line}\n${' '.repeat(9)}${note}` : line
}

/** Four significant digits: the rest is noise. */
function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}
