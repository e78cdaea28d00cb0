import { type Command, parseOptions } from '../command.ts'
import { cliVersion } from '../version.ts'

export const version: Command = {
  usage: 'coderisk version',
  help: 'Prints the version.',

  async run({ args, terminal }) {
    parseOptions(args, {})
    terminal.print(`coderisk ${cliVersion()}`)
    return 0
  },
}
