/** `2026-10-04 14:33 UTC`; what is no time is returned as it came. */
export function formatTime(timestamp: string): string {
  const time = new Date(timestamp)
  return Number.isNaN(time.getTime()) ? timestamp : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** `2026-10-04 14:33:07 UTC`, for what changes by the second. */
export function formatInstant(timestamp: string): string {
  const time = new Date(timestamp)
  return Number.isNaN(time.getTime()) ? timestamp : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** A fraction of one as `78%` or `78.4%`. */
export function formatPercent(fraction: number): string {
  return `${Math.round(fraction * 1000) / 10}%`
}

/** A fraction of one, rounded down, so that what falls short of a target does not look as if it reached it. */
export function formatShareReached(fraction: number): string {
  return `${Math.floor(fraction * 1000 + 1e-6) / 10}%`
}

/** Out of ten, with one decimal: `3.2`. */
export function formatScore(score: number): string {
  return Number(score).toFixed(1)
}

/** `1 file`, `12,480 files`. */
export function formatCount(count: number, noun: string): string {
  return `${Number(count).toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** How long ago, in the largest unit that it is one of: `3 minutes`. */
export function formatAge(milliseconds: number): string {
  const age = Math.max(0, milliseconds)
  const [unit, length] = UNITS.find(([, size]) => age >= size) ?? UNITS[3]
  return formatCount(Math.floor(age / length), unit)
}

/** The beginning and the end of a long hash. */
export function shortHash(hash: string): string {
  return hash.length <= 20 ? hash : `${hash.slice(0, 8)}…${hash.slice(-8)}`
}
