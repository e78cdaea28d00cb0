import type { Command, CommandContext, ExitCode } from '../command.ts'
import { usageFailure } from '../failure.ts'

type Action = (context: CommandContext) => Promise<ExitCode>

/** Each in a file of its own, loaded only when it runs. */
const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  fetch: async () => (await import('../trust/fetch.ts')).fetchTrust,
  show: async () => (await import('../trust/show.ts')).showTrust,
  init: async () => (await import('../trust/init.ts')).initTrust,
  sign: async () => (await import('../trust/sign.ts')).signTrust,
}

export const trust: Command = {
  usage: 'coderisk trust fetch | show [FILE] | init | sign --key FILE  [OPTIONS]',
  help: `The network's trust root: every signing key and the transparency log, signed by the network root key.

  fetch          gets the trust root, checks it against the network root key that you pinned, and saves it for
                 'coderisk verify --offline'
  show [FILE]    what a trust root says, and whether the pinned key signed it; by default the saved one. Exit code 1
                 unless it counts

Of fetch: the first time no key is pinned. The command prints the thumbprint of the key that the network shows, and
saves nothing. Compare it with one that you got elsewhere, then pin it:
  coderisk trust fetch --pin THUMBPRINT

  --out FILE              where to save; by default beside trust.json, where 'verify --offline' looks
  --pin THUMBPRINT        pin the root key with this RFC 7638 thumbprint, from now on
  --root-key FILE|JWK     check against this key, this once; else CODERISK_ROOT_KEY, else the pinned key. Of show too
  --url URL               the network, else CODERISK_URL, else the local stack, else coderisk.com
  --json                  of show: one JSON document

What is pinned, and the newest version seen, is in ~/.config/coderisk/trust.json. An older trust root than
one that was accepted is refused.

For whoever runs a network and keeps its root key offline (docs/runbook.md, "The network root key"):

  init           makes the network root key: two JWK files, the private half readable by you alone
  sign           signs the next trust root with it, after it has shown what changes

  --out DIR|FILE          of init, the folder; by default the current one. Of sign, where to save what was signed
  --key FILE              the private half of the network root key
  --draft FILE|-          what GET /v1/trust-root/draft answered, where the key is on a machine without a network;
                          by default it is fetched
  --publish               send what was signed to the network; without it and --out it is printed
  --yes                   do not ask
  --api-key KEY           an operator's, to fetch the draft and to publish; else CODERISK_API_KEY`,

  async run(context) {
    const [name = '', ...args] = context.args
    if (!Object.hasOwn(ACTIONS, name)) throw usageFailure('what is to be done? fetch, show, init or sign')
    const run = await ACTIONS[name]!()
    return run({ ...context, args })
  },
}
