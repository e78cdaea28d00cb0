import { type Command, parseOptions } from '../command.ts'
import { usageFailure } from '../failure.ts'
import { COMMANDS, findCommand } from './index.ts'

export const help: Command = {
  usage: 'coderisk help [COMMAND]',
  help: 'Says how COMMAND is used, or lists the commands.',

  async run({ args, terminal }) {
    const { positionals } = parseOptions(args, {})
    const [name] = positionals
    if (name === undefined) {
      terminal.print(overview())
      return 0
    }
    const command = await findCommand(name)
    if (command === undefined) throw usageFailure(`there is no command '${name}'`)
    terminal.print(`Usage: ${command.usage}\n\n${command.help}`)
    return 0
  },
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return `CodeRisk: signed, verifiable provenance for AI-generated code

Usage: coderisk COMMAND [OPTIONS]

${rows.join('\n')}

coderisk help COMMAND says more.

Which network: --url or CODERISK_URL, else the local stack of 'npm start' (.coderisk/stack.json), else
https://coderisk.com. The API key: CODERISK_API_KEY, else the local stack's own.

Exit codes: 0 ok · 1 the verdict is not valid, the log has a fault · 2 wrong usage or input · 3 network or server.`
}
