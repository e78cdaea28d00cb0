import type { ExitCode } from './command.ts'

/** Why a command stops early: the lines for stderr, and the exit code. Bugs are never failures. */
export class CommandFailure extends Error {
  readonly exitCode: Exclude<ExitCode, 0>
  /** What to do about it, or more of what is wrong; one line each. */
  readonly details: readonly string[]
  /** Whether the command's usage line helps. */
  readonly showUsage: boolean

  constructor(
    exitCode: Exclude<ExitCode, 0>,
    message: string,
    more: { details?: readonly string[]; showUsage?: boolean } = {},
  ) {
    super(message)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
    this.details = more.details ?? []
    this.showUsage = more.showUsage ?? false
  }
}

/** The command line itself is wrong: the usage line is shown with it. */
export function usageFailure(message: string, ...details: string[]): CommandFailure {
  return new CommandFailure(2, message, { details, showUsage: true })
}

/** The command line is right, what it points at cannot be used. */
export function inputFailure(message: string, ...details: string[]): CommandFailure {
  return new CommandFailure(2, message, { details })
}

export function serverFailure(message: string, ...details: string[]): CommandFailure {
  return new CommandFailure(3, message, { details })
}
