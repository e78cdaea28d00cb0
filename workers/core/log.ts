export type LogLevel = 'info' | 'warn' | 'error'

/**
 * Writes one JSON line. Only fields that are named by us go in; of an error its name, its code and where it came
 * from, never its message: a database error quotes the values of the statement, and those are the caller's.
 */
export function logLine(
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const { error, ...rest } = fields
  const line = {
    time: new Date().toISOString(),
    level,
    message,
    ...rest,
    ...(error ? describeError(error) : {}),
  }
  console.log(JSON.stringify(line))
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const root = error.cause instanceof Error ? error.cause : error
  const { code } = root as { code?: unknown }
  const frames = behindMessage(root)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return {
    error: root.name,
    ...(typeof code === 'string' ? { error_code: code } : {}),
    stack: frames.slice(0, 8).map((line) => line.trim()),
  }
}

/** A stack begins with the message, whose lines may look like frames: they can be the caller's code. */
function behindMessage({ stack = '', message }: Error): string {
  const at = stack.indexOf(message)
  return at === -1 ? '' : stack.slice(at + message.length)
}
