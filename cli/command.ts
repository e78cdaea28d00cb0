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

/** 0 ok · 1 the verdict is not valid, or the log has a fault · 2 the command line or its input · 3 network or server. */
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
    return parseArgs({ args: joinValues(args, options), options, strict: true, allowPositionals: true })
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ')
    throw usageFailure(sentence ?? 'the options are not understood')
  }
}

/** A value may begin with a hyphen, as one thumbprint in 64 does; `parseArgs` takes it only in `--name=value`. */
function joinValues(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>): string[] {
  const isOption = (arg: string) => arg === '--' || Object.hasOwn(options, /^--([^=]+)/.exec(arg)?.[1] ?? '')
  const joined: string[] = []
  for (let i = 0; i < args.length; i++) {
    const [arg, next] = [args[i]!, args[i + 1]]
    if (arg === '--') return [...joined, ...args.slice(i)]
    const takesValue = arg.startsWith('--') && options[arg.slice(2)]?.type === 'string'
    if (!takesValue || next === undefined || isOption(next)) joined.push(arg)
    else {
      joined.push(`${arg}=${next}`)
      i++
    }
  }
  return joined
}
