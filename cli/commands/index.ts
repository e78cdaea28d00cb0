import type { Command } from '../command.ts'

/** Every command: a row here and a file beside this one. Loaded only when it runs, to start fast. */
export const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  certify: {
    summary: 'certify a change: the last commit, a branch, what is staged, or files',
    load: async () => (await import('./certify.ts')).certify,
  },
  verify: {
    summary: 'verify a certificate, online or with no network at all',
    load: async () => (await import('./verify.ts')).verify,
  },
  trust: {
    summary: "save the network's trust root, which offline verification needs",
    load: async () => (await import('./trust.ts')).trust,
  },
  help: {
    summary: 'say how a command is used',
    load: async () => (await import('./help.ts')).help,
  },
  version: {
    summary: 'print the version',
    load: async () => (await import('./version.ts')).version,
  },
}

export async function findCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]!.load() : undefined
}
