/** Where a command writes: results on stdout, everything said about them on stderr. */
export interface Terminal {
  /** One line of human text; colours only where {@link Terminal.paint} gave them. */
  print(line?: string): void
  /** Exactly one JSON document; a command calls it once at most. */
  printJson(value: unknown): void
  /** One diagnostic line. */
  warn(line: string): void
  readonly paint: Paint
}

export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>>

interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** Colours only on a terminal and without NO_COLOR (https://no-color.org). */
export function openTerminal(
  stdout: Stream,
  stderr: Stream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const coloured = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return {
    print: (line = '') => stdout.write(`${line}\n`),
    printJson: (value) => stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    warn: (line) => stderr.write(`${line}\n`),
    paint: makePaint(coloured),
  }
}

/**
 * Text of others made safe to print: without C0 and C1 control characters (escape sequences move the
 * cursor, retitle windows, forge lines) and without the bidirectional controls that reorder what is read.
 */
export function clean(text: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the point
  return String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '')
}

export const MARKS = { passed: '✓', failed: '✗', undecided: '–' } as const

/** A mark in the colour of its meaning. */
export function mark(paint: Paint, outcome: keyof typeof MARKS): string {
  const colour = { passed: paint.green, failed: paint.red, undecided: paint.yellow }[outcome]
  return colour(MARKS[outcome])
}

function makePaint(coloured: boolean): Paint {
  const style = (open: number, close: number) => (text: string) =>
    coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
  }
}
