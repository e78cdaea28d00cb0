/** Where a command writes: results on stdout, everything said about them on stderr. */
export interface Terminal {
  /** One line of human text; colours only where {@link Terminal.paint} gave them. */
  print(line?: string): void
  /** Exactly one JSON document; a command calls it once at most. */
  printJson(value: unknown): void
  /** One diagnostic line. */
  warn(line: string): void
  /** What is being done, on one line of a terminal that the next output replaces; nothing elsewhere. */
  progress(step: string): void
  readonly paint: Paint
}

export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>>

interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** To the beginning of the line, and erase it (ECMA-48 §8.3.41). */
const CLEAR_LINE = '\r\u001b[K'
/** A line that wraps cannot be replaced. */
const MAX_PROGRESS_CHARACTERS = 72

/** Colours only on a terminal and without NO_COLOR (https://no-color.org). */
export function openTerminal(
  stdout: Stream,
  stderr: Stream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const coloured = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  const moves = stderr.isTTY === true && env.TERM !== 'dumb'
  let inProgress = false
  const clear = () => {
    if (inProgress) stderr.write(CLEAR_LINE)
    inProgress = false
  }
  const write = (stream: Stream, text: string) => {
    clear()
    stream.write(text)
  }
  return {
    print: (line = '') => write(stdout, `${line}\n`),
    printJson: (value) => write(stdout, `${escapeControls(JSON.stringify(value, null, 2))}\n`),
    warn: (line) => write(stderr, `${line}\n`),
    progress: (step) => {
      if (!moves) return
      write(stderr, clean(step).slice(0, MAX_PROGRESS_CHARACTERS))
      inProgress = true
    },
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

/** JSON escapes C0 by itself; what else {@link clean} takes away can only be within its strings, and stays readable. */
function escapeControls(json: string): string {
  return json.replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
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
