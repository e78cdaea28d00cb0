const RANGES = [
  [0, 59], // minute
  [0, 23], // hour
  [1, 31], // day of the month
  [1, 12], // month
  [0, 6], // day of the week, 0 = Sunday
] as const

/** Whether a cron expression (numbers, `*`, lists, ranges and steps; UTC) is due in the minute of `time`. */
export function isDue(expression: string, time: Date): boolean {
  const fields = expression.trim().split(/\s+/)
  if (fields.length !== RANGES.length) throw new TypeError(`not a cron expression: ${expression}`)
  const now = [
    time.getUTCMinutes(),
    time.getUTCHours(),
    time.getUTCDate(),
    time.getUTCMonth() + 1,
    time.getUTCDay(),
  ]
  return fields.every((field, index) => matches(field, now[index]!, RANGES[index]!))
}

function matches(field: string, value: number, [lowest, highest]: readonly [number, number]): boolean {
  return field.split(',').some((part) => {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part)
    if (match === null) throw new TypeError(`not a cron field: ${part}`)
    const [, first, last, step] = match
    const from = first === undefined ? lowest : Number(first)
    const to = last !== undefined ? Number(last) : first === undefined || step !== undefined ? highest : from
    return value >= from && value <= to && (value - from) % Number(step ?? 1) === 0
  })
}
