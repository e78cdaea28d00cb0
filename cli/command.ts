import { type ParseArgsConfig, parseArgs } from 'node:util'
import { usageFailure } from './failure.ts'
import type { Terminal } from './output.ts'

/** What a command may touch of the process that runs it. */
export interface CommandContext {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly terminal: Terminal
  /** Fixed once per run. */
  readonly now: Date
}

/** 0 ok · 1 the verdict is not valid · 2 the command line or its input · 3 network or server. */
export type ExitCode = 0 | 1 | 2 | 3

export interface Command {
  /** One line, shown when the command line is wrong. */
  readonly usage: string
  /** All of it, for `coderisk help NAME`. */
  readonly help: string
  run(context: CommandContext): Promise<ExitCode>
}

/** `parseArgs`, strict, with its errors as usage failures. */
export function parseOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ')
    throw usageFailure(sentence ?? 'the options are not understood')
  }
}
