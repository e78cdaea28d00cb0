import type { Command } from '../command.ts'

/** Every command: a row here and a file beside this one. Loaded only when it runs, to start fast. */
export const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  certify: {
    summary: 'certify a change: the last commit, a branch, what is staged, or files',
    load: async () => (await import('./certify.ts')).certify,
  },
  verify: {
    summary: 'verify a certificate, online, or a bundle with no network at all',
    load: async () => (await import('./verify.ts')).verify,
  },
  bundle: {
    summary: 'save a certificate with all that verifying it offline takes',
    load: async () => (await import('./bundle.ts')).bundle,
  },
  trust: {
    summary: "the network's trust root: save it, which offline verification needs, look at it, sign it",
    load: async () => (await import('./trust.ts')).trust,
  },
  log: {
    summary: 'check the whole transparency log, or prove that an entry is in it',
    load: async () => (await import('./log.ts')).log,
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
