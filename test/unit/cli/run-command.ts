import type { Command, ExitCode } from '../../../cli/command.ts'
import { CommandFailure } from '../../../cli/failure.ts'
import { openTerminal } from '../../../cli/output.ts'
import type { CliRun } from './support.ts'

/**
 * Runs a command in this process, which takes a hundredth of what a process of its own does. What `cli/main.ts` adds is
 * not in it but for the message of a failure.
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  { cwd, env, now = new Date() }: { cwd: string; env: Record<string, string>; now?: Date },
): Promise<CliRun> {
  let [stdout, stderr] = ['', '']
  const terminal = openTerminal(
    { write: (text) => (stdout += text) },
    { write: (text) => (stderr += text) },
    { NO_COLOR: '1' },
  )
  const code: ExitCode = await command.run({ args, env, cwd, terminal, now }).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error
    terminal.warn([error.message, ...error.details].join('\n'))
    return error.exitCode
  })
  return { code, stdout, stderr }
}
