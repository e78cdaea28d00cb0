import { formatUsd, fromCents } from '../../money.ts'

/** `$1,234.50` */
export function usd(cents: number): string {
  return formatUsd(fromCents(cents))
}

/** `$1.2k`: for cells with little room. */
export function shortUsd(cents: number): string {
  const dollars = Math.abs(cents) / 100
  const sign = cents < 0 ? '−' : ''
  if (dollars >= 999_500) return `${sign}$${(dollars / 1e6).toFixed(1)}m`
  if (dollars >= 999.5) return `${sign}$${(dollars / 1000).toFixed(1)}k`
  return `${sign}$${dollars.toFixed(0)}`
}

/** `67.3 %`; a dash where there is none. */
export function percent(share: number | null, decimals = 1): string {
  if (share === null) return '–'
  const value = share * 100
  return `${value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(decimals)} %`
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

/** `October 2026` */
export function monthInWords(month: string): string {
  return `${MONTHS[Number(month.slice(5, 7)) - 1] ?? month} ${month.slice(0, 4)}`
}

/** `Oct 26`: on axes. */
export function shortMonth(month: string): string {
  return `${(MONTHS[Number(month.slice(5, 7)) - 1] ?? month).slice(0, 3)} ${month.slice(2, 4)}`
}

/** `1 November 2026, 00:00 UTC` */
export function instantInWords(instant: string): string {
  return `${Number(instant.slice(8, 10))} ${monthInWords(instant)}, ${instant.slice(11, 16)} UTC`
}
