import type { Command, CommandContext, ExitCode } from './command.ts'
import { COMMANDS, findCommand } from './commands/index.ts'
import { CommandFailure } from './failure.ts'
import { clean, openTerminal, type Terminal } from './output.ts'

const terminal = openTerminal(process.stdout, process.stderr, process.env)
process.stdout.on('error', endQuietly)
process.stderr.on('error', endQuietly)
process.exitCode = await dispatch(process.argv.slice(2)).catch(reportBug)

async function dispatch(argv: readonly string[]): Promise<ExitCode> {
  const { name, args } = readCommandName(argv)
  const command = await findCommand(name)
  if (command === undefined) {
    terminal.warn(`coderisk: there is no command '${clean(name)}'`)
    terminal.warn(`Usage: coderisk ${Object.keys(COMMANDS).join(' | ')}    (coderisk --help says more)`)
    return 2
  }
  try {
    return await command.run(commandContext(args, terminal))
  } catch (error) {
    return reportFailure(name, command, error)
  }
}

/** `--help` and `--version` in front, and `--help` after a command, are other names for `help` and `version`. */
function readCommandName(argv: readonly string[]): { name: string; args: readonly string[] } {
  const [first = '--help', ...rest] = argv
  if (first === '--help' || first === '-h') return { name: 'help', args: rest }
  if (first === '--version' || first === '-V') return { name: 'version', args: rest }
  const options = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length)
  if (options.includes('--help') || options.includes('-h')) return { name: 'help', args: [first] }
  return { name: first, args: rest }
}

function commandContext(args: readonly string[], terminal: Terminal): CommandContext {
  return { args, env: process.env, cwd: process.cwd(), terminal, now: new Date() }
}

function reportFailure(name: string, command: Command, error: unknown): ExitCode {
  if (!(error instanceof CommandFailure)) throw error
  terminal.warn(`coderisk ${name}: ${clean(error.message)}`)
  for (const line of error.details) terminal.warn(`  ${clean(line)}`)
  if (error.showUsage) {
    terminal.warn(`Usage: ${command.usage}`)
    terminal.warn(`More:  coderisk help ${name}`)
  }
  return error.exitCode
}

/** Never exit code 1, which says that a certificate was examined and refused. */
function reportBug(error: unknown): ExitCode {
  const trace = String(error instanceof Error ? error.stack : error)
  terminal.warn(`coderisk: this is a bug: ${trace.split('\n').map(clean).join('\n')}`)
  return 3
}

/** The reader of a pipe may leave early (`coderisk … | head`). */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(process.exitCode ?? 0)
}
