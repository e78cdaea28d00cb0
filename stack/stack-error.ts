/** Something the person at the terminal can put right: the message is one line that says what to do. */
export class StackError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'StackError'
  }
}

/** The first line of whatever was thrown, for one-line messages. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.trim().split('\n')[0]!.slice(0, 300)
}
